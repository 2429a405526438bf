/** A plan as plain JSON, for scripts. */
import { writeSource } from '../../api/source.ts'
import type { Plan, Step } from '../../plan/index.ts'
import { type Locate, type PlacedProblem, placeProblems } from '../problems/placed.ts'
import { countChanges } from './changes.ts'
import { changesIn, type PlanReport, type ReasonedChange } from './index.ts'

export function planAsJson(report: PlanReport, locate: Locate): string {
  const { namespaces, rounds, flows, problems } = report
  const json = {
    count: countChanges(changesIn(report)),
    namespaces: namespaces.map(({ namespace, changes, notes }) => ({
      namespace,
      changes: changes.map(changeAsJson),
      notes,
    })),
    rounds: roundsAsJson(rounds),
    flows: flows.is === 'known' ? { opened: flows.opened, cut: flows.cut } : { pairs: flows.pairs },
    problems: placeProblems(problems, locate).map(problemAsJson),
  }
  return `${JSON.stringify(json, null, 2)}\n`
}

function changeAsJson({ change, because }: ReasonedChange): object {
  const { verb, name } = change
  return {
    verb,
    name,
    because,
    ...(verb === 'change' || verb === 'delete' ? { before: { spec: change.before.spec } } : {}),
    ...(verb === 'delete' ? {} : { after: { metadata: change.after.metadata, spec: change.after.spec } }),
  }
}

/** Those of one rank may come in any order. */
function roundsAsJson({ close, open, tidy }: Plan): object {
  const steps = (round: readonly Step[]) =>
    round.map(step => ({
      verb: step.verb,
      namespace: step.namespace,
      name: step.name,
      rank: step.rank,
      ...(step.verb === 'delete' ? {} : { spec: step.policy.spec }),
    }))
  return { close: steps(close), open: steps(open), tidy: steps(tidy) }
}

function problemAsJson({ problem: { code, severity, message, fix, source }, place }: PlacedProblem): object {
  return { code, severity, message, fix, said: writeSource(source), ...(place ?? {}) }
}
