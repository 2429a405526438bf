/** A decision in, the world that questions are asked about out: pods to name as ends, and the policies between them. */
import type { NetworkPolicy } from '../../api/kubernetes.ts'
import type { Decision } from '../../engine.ts'
import { indexPolicies, type PolicyIndex } from '../../evaluate/index.ts'
import type { DesiredPolicy } from '../../policy/index.ts'
import { findMembers, gatherPods, type WorldPod } from './pods.ts'
import { gatherPolicies } from './policies.ts'
import { chooseStrangers, type Stranger } from './strangers.ts'

export type { Stranger, WorldPod }

export interface World {
  readonly decision: Decision
  /** Those of the input that still run, and one for each workload or AppTier that has none there. */
  readonly pods: readonly WorldPod[]
  readonly strangers: readonly Stranger[]
  readonly policies: readonly NetworkPolicy[]
  readonly index: PolicyIndex
  /** For the policies that Tierwall would write: who asked for each rule. */
  readonly desired: ReadonlyMap<NetworkPolicy, DesiredPolicy>
}

export function buildWorld(decision: Decision): World {
  const { policies, desired } = gatherPolicies(decision)
  const members = findMembers(decision.graph.members)
  return {
    decision,
    pods: gatherPods(decision, members),
    strangers: chooseStrangers(policies),
    policies,
    index: indexPolicies(policies),
    desired,
  }
}
