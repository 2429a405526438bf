/** Pods as ends of a flow. */
import type { PodEnd } from '../../evaluate/index.ts'
import { namespaceLabels, type Snapshot } from '../../intent/snapshot.ts'
import type { Pods } from './index.ts'

/** Two pods of one workload are two ends: what a pod sends to itself is never judged. */
export function endOf(
  { ref, labels, ips, hostNetwork, ports }: Pods,
  snapshot: Snapshot,
  which: 'one' | 'another' = 'one',
): PodEnd {
  return {
    is: 'pod',
    namespace: ref.namespace,
    name: `${ref.kind}/${ref.name}/${which}`,
    labels,
    namespaceLabels: namespaceLabels(snapshot, ref.namespace),
    ips,
    hostNetwork,
    ports,
  }
}

/** Policies don't apply on the host's network; a tier that is not sound keeps its last good policy, which is not here. */
export function canBeJudged({ hostNetwork, members }: Pods): boolean {
  return !hostNetwork && members.every(({ sound }) => sound)
}
