/** Ends of edges → peers of a NetworkPolicy. */
import { namespaceNameLabel } from '../api/annotations.ts'
import type { Block } from '../api/cidr.ts'
import type { LabelSelector } from '../api/kubernetes.ts'
import type { Outside } from '../graph/edge.ts'
import type { Member } from '../intent/tier.ts'
import type { WirePeer, WireSelector } from './wire.ts'

/** A peer and the text that tells it from others; written once for all the rules that it stands in. */
export interface KeyedPeer {
  readonly key: string
  readonly peer: WirePeer | 'anyone'
}

export interface PeerWriter {
  readonly member: (member: Member, seenFrom: string) => KeyedPeer
  readonly outside: (peer: Outside) => readonly KeyedPeer[]
}

export function writePeers(): PeerWriter {
  const near = new Map<Member, KeyedPeer>()
  const far = new Map<Member, KeyedPeer>()
  const outsides = new Map<Outside, readonly KeyedPeer[]>()
  return {
    member: (member, seenFrom) => {
      const known = member.key.namespace === seenFrom ? near : far
      return remember(known, member, () => keyed(memberAsPeer(member, seenFrom)))
    },
    outside: peer => remember(outsides, peer, () => outsideAsPeers(peer).map(keyed)),
  }
}

function remember<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

function keyed(peer: KeyedPeer['peer']): KeyedPeer {
  return { key: JSON.stringify(peer), peer }
}

/** Sorted, and without the empty parts that the API server would drop. */
export function selectorOnWire(selector: LabelSelector): WireSelector {
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  const expressions = (selector.matchExpressions ?? [])
    .map(({ key, operator, values }) => ({
      key,
      operator,
      ...(values.length > 0 ? { values: [...values].sort() } : {}),
    }))
    .map(expression => [JSON.stringify(expression), expression] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...(labels.length > 0 ? { matchLabels: Object.fromEntries(labels) } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions.map(([, expression]) => expression) } : {}),
  }
}

function namespaceNamed(namespace: string): WireSelector {
  return { matchLabels: { [namespaceNameLabel]: namespace } }
}

/** Another tier's pods, as seen from a namespace. */
function memberAsPeer({ key, selector }: Member, from: string): WirePeer {
  const podSelector = selectorOnWire(selector)
  return key.namespace === from ? { podSelector } : { podSelector, namespaceSelector: namespaceNamed(key.namespace) }
}

function outsideAsPeers(peer: Outside): readonly KeyedPeer['peer'][] {
  switch (peer.is) {
    case 'anyone':
      return ['anyone']
    case 'cluster':
      return [{ namespaceSelector: {} }]
    case 'namespace':
      return [{ podSelector: {} }]
    case 'pods-of':
      return [{ namespaceSelector: namespaceNamed(peer.namespace) }]
    case 'pods':
      return [selectorsAsPeer(peer)]
    case 'addresses':
      return peer.blocks.map(blockAsPeer)
  }
}

function selectorsAsPeer({ podSelector, namespaceSelector }: Extract<Outside, { is: 'pods' }>): WirePeer {
  const namespaces = namespaceSelector && namespacesOnWire(namespaceSelector)
  if (podSelector) {
    const pods = selectorOnWire(podSelector)
    return namespaces ? { podSelector: pods, namespaceSelector: namespaces } : { podSelector: pods }
  }
  if (!namespaces) throw new Error('a peer of selectors has at least one')
  return { namespaceSelector: namespaces }
}

/**
 * Whatever has no labels lacks all that a selector asks to be lacking: to Cilium that is the world outside too. Every
 * namespace has a name, and nothing else has.
 */
function namespacesOnWire(selector: LabelSelector): WireSelector {
  const { matchLabels = {}, matchExpressions = [] } = selector
  const onlyLacks = matchExpressions.every(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist')
  if (Object.keys(matchLabels).length > 0 || matchExpressions.length === 0 || !onlyLacks)
    return selectorOnWire(selector)
  return selectorOnWire({
    matchExpressions: [...matchExpressions, { key: namespaceNameLabel, operator: 'Exists', values: [] }],
  })
}

function blockAsPeer({ cidr, except: [first, ...more] }: Block): WirePeer {
  return { ipBlock: first ? { cidr, except: [first, ...more] } : { cidr } }
}
