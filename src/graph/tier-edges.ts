/** Edges between tiers. The server's `from` decides; across namespaces the client's `to` must agree. */
import { writePeer } from '../api/peers.ts'
import type { Port } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { entriesOf, portsOf } from '../intent/members.ts'
import type { Member, PeerEntry } from '../intent/tier.ts'
import { type CommonPorts, commonPorts, type Declared } from './common-ports.ts'
import type { MissingEdge, TierEdge } from './edge.ts'
import { coverageOf, findTiers, type Lookup, namespaceOf, notFound, type TierPeer } from './lookup.ts'
import { isTierPeer } from './outside.ts'
import { clientIsSilent, nothingLeft, serverIsSilent } from './silence.ts'

export interface TierEdges {
  readonly edges: TierEdge[]
  readonly missing: MissingEdge[]
  readonly problems: Problem[]
}

type TierEntry = PeerEntry & { readonly peer: TierPeer }

const isTierEntry = (entry: PeerEntry): entry is TierEntry => isTierPeer(entry.peer)

export function linkTiers(members: readonly Member[], lookup: Lookup): TierEdges {
  const found: TierEdges = { edges: [], missing: [], problems: [] }
  for (const member of members) {
    for (const entry of entriesOf(member.from)) {
      if (isTierEntry(entry)) linkFrom(member, entry, lookup, found)
      else if (entry.peer.kind === 'namespace' || isOwnNamespace(entry, member))
        linkNamespace(member, entry, lookup, found)
    }
    for (const entry of entriesOf(member.to)) if (isTierEntry(entry)) linkTo(member, entry, lookup, found)
  }
  return found
}

const isOwnNamespace = ({ peer }: PeerEntry, { key }: Member) =>
  peer.kind === 'pods-of' && peer.namespace === key.namespace

/** Nothing, where the tier's own ports are not known. */
function acceptedBy(server: Member, entry: PeerEntry): readonly Port[] {
  return entry.ports ?? portsOf(server.ports)
}

function addEdge(
  found: TierEdges,
  client: Member,
  server: Member,
  ports: CommonPorts,
  because: TierEdge['because'],
): void {
  if (ports.serverSide.length + ports.clientSide.length === 0) return
  found.edges.push({ client, server, ...ports, because })
}

function report(
  found: TierEdges,
  member: Member,
  entry: TierEntry,
  reason: MissingEdge['reason'],
  problem: Problem,
): void {
  found.missing.push({ member, label: writePeer(entry.peer), reason, because: entry.because })
  if (entry.origin === 'written') found.problems.push(problem)
}

/** The server names a tier. */
function linkFrom(server: Member, entry: TierEntry, lookup: Lookup, found: TierEdges): void {
  const tiers = findTiers(entry.peer, server.key, lookup)
  if (tiers.length === 0) {
    const { code, message, fix } = notFound(entry.peer, server.key, lookup)
    report(found, server, entry, 'no-such-tier', problemAt(entry.because, code, message, fix))
  }
  const accepted = acceptedBy(server, entry)
  const across = namespaceOf(entry.peer, server.key) !== server.key.namespace
  for (const client of tiers.flatMap(({ members }) => members)) {
    if (!across) {
      addEdge(found, client, server, { serverSide: accepted, clientSide: accepted }, [entry.because])
      continue
    }
    if (client.to.is === 'broken') continue
    const consents = consentsOf(client.to.value, client, server, lookup)
    if (consents.length === 0) report(found, server, entry, 'one-sided', clientIsSilent(server, client, entry))
    for (const { consent, asked } of consents) {
      const ports = commonPorts(accepted, asked, () => declaredBy(server, lookup))
      // A consent that is no tier peer opens the client's side by itself.
      const sides = isTierEntry(consent) ? ports : { ...ports, clientSide: [] }
      addEdge(found, client, server, sides, [entry.because, consent.because])
    }
  }
}

/** The entries of one side that speak of the other, with the ports that each says. */
function consentsOf(
  entries: readonly PeerEntry[],
  self: Member,
  other: Member,
  lookup: Lookup,
): { readonly consent: PeerEntry; readonly asked: readonly Port[] | undefined }[] {
  return entries.flatMap(consent =>
    coverageOf(consent, self, other, lookup).map(({ ports }) => ({ consent, asked: ports })),
  )
}

function declaredBy(server: Member, { selectedBy }: Lookup): readonly Declared[] {
  return selectedBy(server).map(({ ports }) => ports)
}

/** Everyone in the namespace may connect, so every tier of it gets its way out. */
function linkNamespace(server: Member, entry: PeerEntry, lookup: Lookup, found: TierEdges): void {
  const accepted = acceptedBy(server, entry)
  for (const tier of lookup.byNamespace.get(server.key.namespace) ?? [])
    for (const client of tier.members)
      addEdge(found, client, server, { serverSide: [], clientSide: accepted }, [entry.because])
}

/** The client names a tier: it gets its way out to what that tier accepts from it, in whatever form. */
function linkTo(client: Member, entry: TierEntry, lookup: Lookup, found: TierEdges): void {
  const tiers = findTiers(entry.peer, client.key, lookup)
  if (tiers.length === 0) {
    const { code, message, fix } = notFound(entry.peer, client.key, lookup)
    report(found, client, entry, 'no-such-tier', problemAt(entry.because, code, message, fix))
  }
  for (const server of tiers.flatMap(({ members }) => members)) {
    if (server.from.is === 'broken') continue
    const consents = consentsOf(server.from.value, server, client, lookup)
    if (consents.length === 0) {
      const reason = server.key.namespace === client.key.namespace ? 'refused' : 'one-sided'
      report(found, client, entry, reason, serverIsSilent(server, client, entry))
      continue
    }
    const common = consents.map(({ consent, asked = portsOf(server.ports) }) => ({
      consent,
      ports: commonPorts(asked, entry.ports, () => declaredBy(server, lookup)),
    }))
    const empty = common.every(({ ports }) => ports.clientSide.length === 0)
    if (empty && server.ports.is !== 'broken')
      report(found, client, entry, 'no-common-port', nothingLeft(server, entry))
    // Where the server names a tier, its side of the edge is made from there.
    for (const { consent, ports } of common)
      addEdge(found, client, server, { serverSide: [], clientSide: ports.clientSide }, [consent.because, entry.because])
  }
}
