/** A plan's writes, one after the other, each judged by the evaluator against the state before and the state after all. */
import type { NetworkPolicy } from '../../src/api/kubernetes.ts'
import { type End, evaluateFlow, indexPolicies } from '../../src/evaluate/index.ts'
import { type LivePolicy, makePlan, type NamespaceState, type Plan, type Step } from '../../src/plan/index.ts'
import type { WirePolicy } from '../../src/policy/wire.ts'
import { readJson } from '../decide.ts'

export interface Flow {
  readonly from: End
  readonly to: End
  readonly port: number
}

export type Cluster = ReadonlyMap<string, WirePolicy>

export const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
  `${namespace}/${name}`

export function clusterOf(policies: readonly WirePolicy[]): Cluster {
  return new Map(policies.map(policy => [keyOf(policy.metadata), policy]))
}

export function asLive({ metadata, spec }: WirePolicy): LivePolicy {
  return { name: metadata.name, labels: metadata.labels, annotations: metadata.annotations, spec }
}

/** The plan for all namespaces that have policies or are to have some. */
export function planBetween(live: Cluster, desired: Cluster, foreign: readonly NetworkPolicy[] = []): Plan {
  const namespaces = [...new Set([...live.values(), ...desired.values()].map(({ metadata }) => metadata.namespace))]
  return makePlan(
    namespaces.map(
      (namespace): NamespaceState => ({
        namespace,
        live: [...live.values()].filter(({ metadata }) => metadata.namespace === namespace).map(asLive),
        foreign: foreign.filter(({ metadata }) => metadata.namespace === namespace).map(({ spec }) => spec),
        desired: [...desired.values()].filter(({ metadata }) => metadata.namespace === namespace),
      }),
    ),
  )
}

export function applyStep(cluster: Cluster, step: Step): Cluster {
  const after = new Map(cluster)
  if (step.verb === 'delete') after.delete(keyOf(step))
  else after.set(keyOf(step), step.policy)
  return after
}

export function stepsOf({ close, open, tidy }: Plan): readonly Step[] {
  return [...close, ...open, ...tidy]
}

function readPolicies(cluster: Cluster): NetworkPolicy[] {
  return [...cluster.values()].flatMap(policy => {
    const read = readJson(policy)
    return read.is === 'networkPolicy' ? [read.object] : []
  })
}

export function openFlows(cluster: Cluster, foreign: readonly NetworkPolicy[], flows: readonly Flow[]): boolean[] {
  const index = indexPolicies([...readPolicies(cluster), ...foreign])
  return flows.map(({ from, to, port }) => evaluateFlow(index, from, to, { port, protocol: 'TCP' }).allowed)
}

/** What some write on the way cut or opened though the states at both ends agree on it. */
export function faultsOnTheWay(
  live: Cluster,
  desired: Cluster,
  foreign: readonly NetworkPolicy[],
  flows: readonly Flow[],
): string[] {
  const plan = planBetween(live, desired, foreign)
  const before = openFlows(live, foreign, flows)
  const after = openFlows(desired, foreign, flows)
  const faults: string[] = []
  let now = live
  for (const step of stepsOf(plan)) {
    now = applyStep(now, step)
    openFlows(now, foreign, flows).forEach((open, index) => {
      if (before[index] !== after[index] || open === before[index]) return
      const flow = flows[index]
      if (flow)
        faults.push(
          `${step.verb} ${keyOf(step)} ${open ? 'opens' : 'cuts'} ${nameOf(flow.from)} -> ${nameOf(flow.to)}:${flow.port}`,
        )
    })
  }
  return faults
}

const nameOf = (end: End) => (end.is === 'pod' ? `${end.namespace}/${end.name}` : end.ip)
