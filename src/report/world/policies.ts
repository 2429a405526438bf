/** The policies of a world: as they would be once Tierwall has written its own, or as they stand. */
import { type NetworkPolicy, readerOf } from '../../api/kubernetes.ts'
import { writeRef } from '../../api/source.ts'
import { type Decision, desiredPolicies } from '../../engine.ts'
import { refOf } from '../../intent/snapshot.ts'
import type { DesiredPolicy } from '../../policy/index.ts'
import type { WirePolicy } from '../../policy/wire.ts'

export interface WorldPolicies {
  readonly policies: readonly NetworkPolicy[]
  /** Those that are Tierwall's, with who asked for each of their rules, as far as somebody still does. */
  readonly desired: ReadonlyMap<NetworkPolicy, PolicyReasons>
}

export type PolicyReasons = Pick<DesiredPolicy, 'ingress' | 'egress'>

/** Those of the input, and on top the rendered ones. */
export function gatherPolicies(decision: Decision): WorldPolicies {
  const desired = new Map(desiredPolicies(decision).map(one => [readBack(one.policy), one]))
  const replaced = new Set([...desired.keys()].map(policy => writeRef(refOf(policy))))
  const kept = decision.snapshot.networkPolicies.filter(policy => !replaced.has(writeRef(refOf(policy))))
  return { policies: [...kept, ...desired.keys()], desired }
}

/** By the way that the API server's answers take, so that nothing is judged that was not written. */
export function readBack(policy: WirePolicy): NetworkPolicy {
  const read = readerOf(policy.apiVersion, policy.kind)?.(policy)
  if (!read?.success || read.data.is !== 'networkPolicy')
    throw new Error(`the policy ${policy.metadata.name} cannot be read back: ${read?.error?.message ?? 'no reader'}`)
  return read.data.object
}
