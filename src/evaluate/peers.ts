/** One peer of a rule in, a test of who is meant by it out. What the API server refuses means nobody. */
import type { PolicyPeer } from '../api/kubernetes.ts'
import { type IpBlock, readBlock } from './addresses.ts'
import { addressesOf, type End, type FlowFamily, podForPolicies } from './ends.ts'
import { readSelector } from './selectors.ts'

export type PeerTest = (end: End, family: FlowFamily) => boolean

export function readPeer(peer: PolicyPeer, policyNamespace: string): PeerTest {
  const hasSelector = peer.podSelector !== undefined || peer.namespaceSelector !== undefined
  if (hasSelector) return peer.ipBlock === undefined ? podsOf(peer, policyNamespace) : nobody
  return peer.ipBlock === undefined ? nobody : addressesIn(peer.ipBlock)
}

const nobody: PeerTest = () => false

/** Without a namespaceSelector the policy's own namespace is meant, without a podSelector every pod. */
function podsOf({ podSelector, namespaceSelector }: PolicyPeer, policyNamespace: string): PeerTest {
  const namespaceMatches = namespaceSelector && readSelector(namespaceSelector)
  const podMatches = readSelector(podSelector ?? {})
  return end => {
    const pod = podForPolicies(end)
    if (pod === undefined || !podMatches(pod.labels)) return false
    return namespaceMatches ? namespaceMatches(pod.namespaceLabels) : pod.namespace === policyNamespace
  }
}

/** An ipBlock holds pods as well as outsiders, by any of their addresses of the flow's family. */
function addressesIn(ipBlock: IpBlock): PeerTest {
  const block = readBlock(ipBlock)
  if (block === undefined) return nobody
  return (end, family) => block.family === family && addressesOf(end).some(block.holds)
}
