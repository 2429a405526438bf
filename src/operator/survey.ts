/** What lint finds in namespaces that had news, looked for when there is time: findings that decide nothing, but are told. */
import { isDeepStrictEqual } from 'node:util'
import type { Problem, ProblemCode } from '../api/problem.ts'
import type { Clock } from '../cluster/index.ts'
import type { Decision } from '../engine.ts'
import { lintDecision } from '../lint/index.ts'

export interface Survey {
  /** Is to be looked at, soon. */
  readonly add: (namespace: string) => void
  /** As found last. */
  readonly of: (namespace: string) => Surveyed
  readonly stop: () => void
}

export interface Surveyed {
  readonly problems: readonly Problem[]
  readonly uncovered: number
}

export interface SurveyOptions {
  readonly clock: Clock
  readonly decide: (namespaces: readonly string[]) => Decision
  readonly onChange: (namespace: string) => void
}

/** Others need Pods and Services, which the operator does not watch. */
const told: ReadonlySet<ProblemCode> = new Set(['port-undeclared', 'tier-overlap'])

/** Not while one batch follows the other, but not much later either. */
const pause = 1_000
const longestPause = 10_000
/** At once: the loop is not to wait for long. */
const most = 10
const nothing: Surveyed = { problems: [], uncovered: 0 }

export function createSurvey({ clock, decide, onChange }: SurveyOptions): Survey {
  const waiting = new Set<string>()
  const found = new Map<string, Surveyed>()
  let since: number | undefined
  let cancel = () => {}
  const look = () => {
    const namespaces = [...waiting].slice(0, most)
    for (const namespace of namespaces) waiting.delete(namespace)
    since = undefined
    if (waiting.size > 0) cancel = clock.after(pause / 20, look)
    const problems = Map.groupBy(lintDecision(decide(namespaces)), namespaceOf)
    for (const namespace of namespaces) take(namespace, problems.get(namespace) ?? [])
  }
  const take = (namespace: string, problems: readonly Problem[]) => {
    const before = found.get(namespace) ?? nothing
    const now: Surveyed = {
      problems: problems.filter(({ code }) => told.has(code)),
      uncovered: problems.filter(({ code }) => code === 'workload-uncovered').length,
    }
    if (isDeepStrictEqual(now, before)) return
    if (now.problems.length === 0 && now.uncovered === 0) found.delete(namespace)
    else found.set(namespace, now)
    onChange(namespace)
  }
  return {
    add(namespace) {
      waiting.add(namespace)
      since ??= clock.monotonic()
      cancel()
      const left = since + longestPause - clock.monotonic()
      cancel = clock.after(Math.max(0, Math.min(pause, left)), look)
    },
    of: namespace => found.get(namespace) ?? nothing,
    stop: () => cancel(),
  }
}

export function namespaceOf({ source }: Problem): string {
  if (source.said !== 'object') return ''
  return source.object.kind === 'Namespace' ? source.object.name : source.object.namespace
}
