/** A decision in, the world that questions are asked about out: pods to name as ends, and the policies between them. */
import type { NetworkPolicy } from '../../api/kubernetes.ts'
import type { Decision } from '../../engine.ts'
import { indexPolicies, type PolicyIndex } from '../../evaluate/index.ts'
import { findMembers, gatherPods, type WorldPod } from './pods.ts'
import { gatherPolicies, type PolicyReasons, type WorldPolicies } from './policies.ts'
import { chooseStrangers, type Stranger } from './strangers.ts'

export type { Stranger, WorldPod }

export interface World {
  readonly decision: Decision
  /** Those of the input that still run, and one for each workload or AppTier that has none there. */
  readonly pods: readonly WorldPod[]
  readonly strangers: readonly Stranger[]
  readonly policies: readonly NetworkPolicy[]
  readonly index: PolicyIndex
  /** For the policies that are Tierwall's: who asked for each rule. */
  readonly desired: ReadonlyMap<NetworkPolicy, PolicyReasons>
  /** What Tierwall has still to write, where that is known: who is allowed there needs nothing but patience. */
  readonly toCome?: PolicyIndex
}

/** Without policies of its own, the world is as it would be once Tierwall has written. */
export function buildWorld(decision: Decision, { policies, desired }: WorldPolicies = gatherPolicies(decision)): World {
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
