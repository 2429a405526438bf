/** Picked ports and peers → what the one who says them may say: an annotation and an AppTier have different words. */
import type { Entry, Fields, Peer, Port } from '../../properties/shapes.ts'
import { strangersNamespace } from '../case/always.ts'
import type { EntryPick, FieldsPick, PeerPick } from './picks.ts'

export interface Place {
  readonly namespace: string
  /** All namespaces of the application. */
  readonly names: readonly string[]
}

type Door = 'annotation' | 'AppTier'

export function readFields({ ports, from, to }: FieldsPick, at: Place, door: Door): Fields {
  return {
    ...(ports ? { ports } : {}),
    ...(from ? { from: from.map(entry => readEntry(entry, at, door)) } : {}),
    ...(to ? { to: to.map(entry => towards(readEntry(entry, at, door))) } : {}),
  }
}

function readEntry({ peer, ports }: EntryPick, at: Place, door: Door): Entry {
  return { peer: readPeer(peer, at, door), ...(ports ? { ports } : {}) }
}

function readPeer(pick: PeerPick, { namespace, names }: Place, door: Door): Peer {
  const nameOf = (place: number) => names[place] ?? strangersNamespace
  const inNamespace = (place: number | undefined) => (place === undefined ? {} : { namespace: nameOf(place) })
  switch (pick.is) {
    case 'tier':
      return {
        kind: 'tier',
        tier: pick.tier,
        ...(pick.app === undefined ? {} : { app: pick.app }),
        ...inNamespace(pick.place),
      }
    case 'app':
      return { kind: 'app', app: pick.app, ...inNamespace(pick.place) }
    case 'podsOf':
      if (door === 'annotation') return { kind: 'podsOf', namespace: nameOf(pick.place) }
      return { kind: 'pods', namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': nameOf(pick.place) } } }
    case 'plain':
      // Annotations have no selectors.
      return pick.peer.kind === 'pods' && door === 'annotation' ? { kind: 'podsOf', namespace } : pick.peer
  }
}

/** A name belongs to pods, so that it cannot stand beside addresses. */
function towards({ peer, ports }: Entry): Entry {
  const holdsAddresses = ['cidr', 'internet', 'anywhere'].includes(peer.kind)
  const kept = ports?.filter(port => !holdsAddresses || 'first' in port)
  const some: readonly Port[] = [{ first: 8080, last: 8080, protocol: 'TCP' }]
  return kept === undefined ? { peer } : { peer, ports: kept.length > 0 ? kept : some }
}
