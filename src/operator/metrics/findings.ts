/** What was found in the cluster and how it stands: problems, workloads without a tier, and whether all is done. */
import { Gauge, type Registry } from 'prom-client'
import { type Problem, type ProblemCode, problemKind } from '../../api/problem.ts'
import type { Clock } from '../../cluster/index.ts'

export interface Findings {
  /** All that was found in a namespace, in the place of what was found there before. */
  readonly showFindings: (namespace: string, found: Found) => void
  readonly showLeader: (leads: boolean) => void
  /** Now nothing is left to be written anywhere. */
  readonly showSettled: () => void
}

export interface Found {
  readonly problems: readonly Pick<Problem, 'code'>[]
  /** Workloads that no tier covers, where everyone without one is shut. */
  readonly uncovered: number
}

interface Kept {
  readonly codes: ReadonlyMap<ProblemCode, number>
  readonly uncovered: number
}

export function findIn(registry: Registry, clock: Pick<Clock, 'now'>): Findings {
  const registers = [registry]
  const found = new Map<string, Kept>()
  new Gauge({
    name: 'tierwall_problems',
    help: 'Problems as they are now, by code and severity: see the page of problems.',
    labelNames: ['code', 'severity'],
    registers,
    collect() {
      this.reset()
      for (const { codes } of found.values())
        for (const [code, count] of codes) this.inc({ code, severity: problemKind(code).severity }, count)
    },
  })
  new Gauge({
    name: 'tierwall_uncovered_workloads',
    help: 'Workloads without a tier in an isolated namespace, by namespace.',
    labelNames: ['namespace'],
    registers,
    collect() {
      this.reset()
      for (const [namespace, { uncovered }] of found) if (uncovered > 0) this.set({ namespace }, uncovered)
    },
  })
  const leader = new Gauge({
    name: 'tierwall_leader',
    help: '1 in the one process that writes, 0 in those that stand by.',
    registers,
  })
  const settled = new Gauge({
    name: 'tierwall_last_settled_timestamp_seconds',
    help: 'When nothing was left to be written for the last time; 0 before the first.',
    registers,
  })
  return {
    showFindings: (namespace, { problems, uncovered }) => {
      if (problems.length === 0 && uncovered === 0) found.delete(namespace)
      else found.set(namespace, { codes: countCodes(problems), uncovered })
    },
    showLeader: leads => leader.set(leads ? 1 : 0),
    showSettled: () => settled.set(clock.now() / 1_000),
  }
}

function countCodes(problems: Found['problems']): ReadonlyMap<ProblemCode, number> {
  const counts = new Map<ProblemCode, number>()
  for (const { code } of problems) counts.set(code, (counts.get(code) ?? 0) + 1)
  return counts
}
