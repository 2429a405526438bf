/** What a tier's field means, whatever its spelling: two texts are equal where two fields mean the same. */
import { type Peer, writePeer } from '../../api/peers.ts'
import { type Port, writePort } from '../../api/ports.ts'
import { portsOf } from '../../intent/members.ts'
import { type Member, type PeerEntry, type TierKey, writeKey } from '../../intent/tier.ts'
import { selectorOnWire } from '../../policy/peers.ts'
import { portOf } from './declared-ports.ts'
import { ownEntries } from './peer-list.ts'

export function meaningOfPorts(ports: readonly Port[], member: Member): string {
  const found = ports.flatMap(port => numbersOf(port, member))
  return unite(found).join(',')
}

/** A name stands for what the containers declare under it. */
function numbersOf(port: Port, { templates }: Member): readonly Port[] {
  if (port.by === 'number') return [port]
  const named = templates
    .flatMap(({ ports }) => ports)
    .filter(({ name, protocol }) => name === port.name && protocol === port.protocol)
  return named.length > 0 ? named.map(portOf) : [port]
}

/** Ranges that touch are one. */
function unite(ports: readonly Port[]): string[] {
  const names = ports.filter(({ by }) => by === 'name').map(writePort)
  const ranges = ports.filter(port => port.by === 'number').sort((a, b) => a.first - b.first)
  const united: { first: number; last: number; protocol: Port['protocol'] }[] = []
  for (const { first, last, protocol } of ranges) {
    const touching = united.find(range => range.protocol === protocol && first <= range.last + 1)
    if (touching) touching.last = Math.max(touching.last, last)
    else united.push({ first, last, protocol })
  }
  return [...new Set([...names, ...united.map(range => writePort({ by: 'number', ...range }))])].sort()
}

export function meaningOfPeers(entries: readonly PeerEntry[], field: 'from' | 'to', member: Member): string {
  const ports = new Map<string, Port[] | 'all'>()
  for (const { peer, ports: own } of ownEntries(entries)) {
    const key = keyOf(peer, member.key)
    const known = ports.get(key) ?? []
    const more = own ?? (field === 'from' ? portsOf(member.ports) : 'all')
    ports.set(key, known === 'all' || more === 'all' ? 'all' : [...known, ...more])
  }
  return [...ports]
    .map(([key, value]) => `${key} on ${value === 'all' ? value : meaningOfPorts(value, member)}`)
    .sort()
    .join('; ')
}

function keyOf(peer: Peer, self: TierKey): string {
  switch (peer.kind) {
    case 'tier':
    case 'app': {
      const { app = self.app, namespace = self.namespace } = peer
      return writeKey({ app, namespace, tier: peer.kind === 'app' ? '*' : peer.tier })
    }
    case 'pods-of':
      return writePeer(peer.namespace === self.namespace ? { kind: 'namespace' } : peer)
    case 'pods':
      return JSON.stringify([peer.podSelector, peer.namespaceSelector].map(one => one && selectorOnWire(one)))
    default:
      return writePeer(peer)
  }
}
