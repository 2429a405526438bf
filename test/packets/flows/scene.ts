/** Policies and parties as the evaluator takes them → whether a flow is allowed, and by which policies not. */
import type { NetworkPolicy } from '../../../src/api/kubernetes.ts'
import { type End, evaluateFlow, indexPolicies, type Verdict } from '../../../src/evaluate/index.ts'
import type { ContainerPort, Labels } from '../../properties/shapes.ts'
import type { Flow } from './flow.ts'
import type { Party } from './party.ts'

export interface Scene {
  readonly policies: readonly NetworkPolicy[]
  readonly endOf: (party: Party) => End
  /** All ports of all pods in the cluster. */
  readonly ports: readonly ContainerPort[]
  /** Pass whatever policies say. */
  readonly isExempt?: (flow: Flow) => boolean
}

export type Judge = (flow: Flow) => Verdict

export function makeScene(
  policies: readonly NetworkPolicy[],
  labelsOfNamespace: (namespace: string) => Labels,
  ports: readonly ContainerPort[] = [],
): Scene {
  const endOf = ({ end }: Party): End =>
    'name' in end
      ? { ...end, is: 'pod', namespaceLabels: labelsOfNamespace(end.namespace) }
      : { is: 'address', ip: end.ip }
  return { policies, endOf, ports }
}

export function judgeBy({ policies, endOf, isExempt }: Scene): Judge {
  const index = indexPolicies(policies)
  const ends = new Map<Party, End>()
  // The index remembers a pod by its object.
  const known = (party: Party): End => {
    const end = ends.get(party) ?? endOf(party)
    ends.set(party, end)
    return end
  }
  return flow => {
    if (isExempt?.(flow)) return { allowed: true, egress: nobodyAsked, ingress: nobodyAsked }
    return evaluateFlow(index, known(flow.from), known(flow.to), flow)
  }
}

const nobodyAsked = { allowed: true, isolating: [], grants: [] }
