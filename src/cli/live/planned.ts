/** A look at a cluster as it is and one at what is to come → the plan, told in full. */
import type { Problem } from '../../api/problem.ts'
import { writeName } from '../../api/source.ts'
import type { TargetOutlook } from '../../live/outlook.ts'
import { namespaceOf } from '../../operator/survey.ts'
import { makePlan, type Plan, type Step } from '../../plan/index.ts'
import { findReasons } from '../../report/plan/because.ts'
import { gatherChanges, type PolicyChange } from '../../report/plan/changes.ts'
import { compareFlows } from '../../report/plan/flows.ts'
import type { NamespaceChanges, PlanReport } from '../../report/plan/index.ts'
import type { Locate } from '../../report/problems/index.ts'
import { makeQuoter } from '../../report/quote.ts'
import type { Look } from './look.ts'
import { notesOn } from './notes.ts'
import { worldAsItStands, worldToCome } from './standing.ts'

export interface Planned {
  readonly before: Look
  /** The same one where no manifests are laid over it. */
  readonly after: Look
  /** The one to tell of; nothing for all of them. */
  readonly namespace: string | undefined
  readonly locate: Locate
}

export function planChanges({ before, after, namespace, locate }: Planned): PlanReport {
  const isMeant = (one: { readonly namespace: string }) => namespace === undefined || one.namespace === namespace
  const { plan, changes } = outstanding(after)
  const findReason = findReasons(after.decision, makeQuoter(after.decision.snapshot, locate))
  const meant = Map.groupBy(changes.filter(isMeant), change => change.namespace)
  const now = worldAsItStands(before)
  return {
    namespaces: after.outlook.targets.filter(isMeant).flatMap((target): NamespaceChanges[] => {
      const own = (meant.get(target.namespace) ?? []).map(change => ({ change, because: findReason(change) }))
      const notes = notesOn(target, after)
      return own.length + notes.length > 0 ? [{ namespace: target.namespace, changes: own, notes }] : []
    }),
    rounds: roundsOf(plan, isMeant),
    flows: compareFlows(now, worldToCome(after, now), namespace === undefined ? undefined : new Set([namespace])),
    problems: after.outlook.problems.filter(problem => namespace === undefined || isAbout(problem, namespace)),
  }
}

/** What the operator has still to write, as it would see it now. */
export function outstanding({ outlook, policies }: Look): {
  readonly plan: Plan
  readonly changes: readonly PolicyChange[]
} {
  const targets = outlook.targets.filter(({ untouched }) => !untouched)
  const states = targets.map(({ state }) => state)
  const plan = makePlan(states)
  const going = new Set(policies.filter(({ terminating }) => terminating).map(writeName))
  const changes = gatherChanges(states, plan).filter(
    ({ verb, ...change }) => verb !== 'delete' || !going.has(writeName(change)),
  )
  return { plan, changes: [...changes, ...targets.flatMap(adoptionsOf)] }
}

function adoptionsOf({ namespace, adoptions }: TargetOutlook): readonly PolicyChange[] {
  return adoptions.map(({ policy }) => ({ verb: 'adopt', namespace, name: policy.metadata.name, after: policy }))
}

function roundsOf({ close, open, tidy }: Plan, isMeant: (step: Step) => boolean): Plan {
  return { close: close.filter(isMeant), open: open.filter(isMeant), tidy: tidy.filter(isMeant) }
}

/** What is wrong with the configuration concerns every namespace. */
export function isAbout(problem: Problem, namespace: string): boolean {
  const about = namespaceOf(problem)
  return about === '' || about === namespace
}
