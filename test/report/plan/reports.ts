/** A plan of a shop, small enough to be read whole. */
import { defaultConfiguration } from '../../../src/api/configuration.ts'
import { decide, desiredPolicies } from '../../../src/engine.ts'
import { readManifestText } from '../../../src/manifests/manifests.ts'
import { makePlan, type NamespaceState } from '../../../src/plan/index.ts'
import { findReasons } from '../../../src/report/plan/because.ts'
import { gatherChanges } from '../../../src/report/plan/changes.ts'
import { compareFlows } from '../../../src/report/plan/flows.ts'
import type { PlanReport } from '../../../src/report/plan/index.ts'
import { makeQuoter } from '../../../src/report/quote.ts'
import { isolated } from './worlds.ts'

/** From what one text would have written to what another would. */
export function reportOn(before: string, after: string, more: Partial<PlanReport> = {}): PlanReport {
  const [{ policies: live }, { decision, policies: desired, locate }] = [decided(before), decided(after)]
  const names = [...new Set([...live, ...desired].map(({ metadata }) => metadata.namespace))].sort()
  const states = names.map(
    (namespace): NamespaceState => ({
      namespace,
      live: live
        .filter(({ metadata }) => metadata.namespace === namespace)
        .map(({ metadata: { name, labels, annotations }, spec }) => ({ name, labels, annotations, spec })),
      foreign: [],
      desired: desired.filter(({ metadata }) => metadata.namespace === namespace),
    }),
  )
  const rounds = makePlan(states)
  const findReason = findReasons(decision, makeQuoter(decision.snapshot, locate))
  const byNamespace = Map.groupBy(gatherChanges(states, rounds), ({ namespace }) => namespace)
  return {
    namespaces: [...byNamespace].map(([namespace, changes]) => ({
      namespace,
      changes: changes.map(change => ({ change, because: findReason(change) })),
      notes: [],
    })),
    rounds,
    flows: compareFlows(isolated(before), isolated(after)),
    problems: decision.problems,
    ...more,
  }
}

function decided(yaml: string) {
  const manifests = readManifestText('shop.yaml', yaml)
  const decision = decide(manifests.objects, defaultConfiguration)
  return { decision, policies: desiredPolicies(decision).map(({ policy }) => policy), locate: manifests.locate }
}
