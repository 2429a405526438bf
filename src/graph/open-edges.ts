/** Openings of a tier towards ends that are no tier: everyone, selectors, addresses. */
import { writePeer } from '../api/peers.ts'
import { type Port, writePorts } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { portsOf } from '../intent/members.ts'
import type { Field, Member, PeerEntry } from '../intent/tier.ts'
import type { MissingEdge, OpenEdge } from './edge.ts'
import { isTierPeer, type Opening, type Places, resolveOutside } from './outside.ts'

export interface OpenEdges {
  readonly edges: OpenEdge[]
  readonly missing: MissingEdge[]
  readonly problems: Problem[]
}

export function openTiers(members: readonly Member[], places: Places): OpenEdges {
  const found: OpenEdges = { edges: [], missing: [], problems: [] }
  for (const member of members) {
    openDirection(member, 'ingress', member.from, places, found)
    openDirection(member, 'egress', member.to, places, found)
  }
  return found
}

function openDirection(
  member: Member,
  direction: OpenEdge['direction'],
  field: Field<readonly PeerEntry[]>,
  places: Places,
  found: OpenEdges,
): void {
  if (field.is === 'broken') return
  for (const entry of field.value) {
    if (isTierPeer(entry.peer)) continue
    const label = writePeer(entry.peer)
    const resolved = resolveOutside(entry.peer, member.key.namespace, places)
    if ('missing' in resolved) {
      const { code, message, fix } = resolved.missing
      found.missing.push({ member, label, reason: 'undefined', because: entry.because })
      found.problems.push(problemAt(entry.because, code, message, fix))
      continue
    }
    if (direction === 'egress') found.problems.push(...missesApiServer(entry, resolved.openings))
    for (const opening of resolved.openings) {
      const ports = direction === 'ingress' ? portsIn(member, entry, opening) : portsOut(entry, opening)
      if (ports) found.edges.push({ member, direction, peer: opening.peer, label, ports, because: [entry.because] })
    }
  }
}

/** The entry's own ports, else those that a named peer brings, else the tier's; without any there is no rule. */
function portsIn(member: Member, entry: PeerEntry, { brings }: Opening): OpenEdge['ports'] | undefined {
  if (entry.ports) return entry.ports
  // The API server's own port says nothing of where it connects to.
  if (brings && entry.peer.kind !== 'kube-apiserver') return brings
  const [first, ...more]: readonly Port[] = portsOf(member.ports)
  return first && [first, ...more]
}

function portsOut(entry: PeerEntry, { brings }: Opening): OpenEdge['ports'] {
  return entry.ports ?? brings ?? 'all'
}

/** Policies see the endpoints' port, not 443 of the Service before them. */
function missesApiServer({ peer, ports, because }: PeerEntry, openings: readonly Opening[]): Problem[] {
  if (peer.kind !== 'kube-apiserver' || !ports) return []
  const listening = openings.flatMap(({ brings = [] }) =>
    brings.flatMap(port => (port.by === 'number' ? [port.first] : [])),
  )
  if (ports.some(port => port.by === 'number' && listening.some(number => port.first <= number && number <= port.last)))
    return []
  const message = `the API server does not listen on ${writePorts(ports)}, but on ${listening.join(', ')}`
  return [problemAt(because, 'ports-nothing-left', message, 'leave the port out: kube-apiserver brings its own')]
}
