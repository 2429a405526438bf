/** How an end that is no tier is called; what is relative to a namespace says which. */
import { writeSelector } from '../../api/peers.ts'
import type { OpenEdge, Outside } from '../../graph/edge.ts'

export function labelOf({ peer, label, member }: OpenEdge): string {
  if (peer.is === 'namespace') return `any pod of ${member.key.namespace}`
  if (peer.is === 'pods-of') return `any pod of ${peer.namespace}`
  if (peer.is === 'cluster') return 'any pod of the cluster'
  return peer.is === 'pods' && !label.startsWith('@') ? selectorLabel(peer, member.key.namespace) : label
}

function selectorLabel(
  { podSelector, namespaceSelector }: Extract<Outside, { is: 'pods' }>,
  namespace: string,
): string {
  const pods = podSelector ? `pods ${writeSelector(podSelector)}` : 'any pod'
  return `${pods} in ${namespaceSelector ? `namespaces ${writeSelector(namespaceSelector)}` : namespace}`
}
