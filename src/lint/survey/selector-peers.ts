/** Peers that are selectors or namespaces, with where they are written and the namespaces that they are written for. */
import type { Peer } from '../../api/peers.ts'
import { type Source, writeSource } from '../../api/source.ts'
import type { Decision } from '../../engine.ts'
import { entriesOf } from '../../intent/members.ts'
import type { PeerEntry } from '../../intent/tier.ts'

export type SelectorPeer = Extract<Peer, { kind: 'pods' | 'pods-of' }>

export interface SelectorPeerUse {
  readonly peer: SelectorPeer
  readonly source: Source
  /** A podSelector alone means pods of these. */
  readonly namespaces: ReadonlySet<string>
}

export function gatherSelectorPeers({ graph, snapshot }: Decision): readonly SelectorPeerUse[] {
  const uses = new Map<string, { peer: SelectorPeer; source: Source; namespaces: Set<string> }>()
  for (const member of graph.members)
    for (const entry of [...entriesOf(member.from), ...entriesOf(member.to)])
      for (const { peer, source } of spellOut(entry, snapshot.configuration.peers)) {
        const span = source.said === 'object' ? (source.span ?? []) : []
        const key = [writeSource(source), ...span].join(' ')
        const use = uses.get(key) ?? { peer, source, namespaces: new Set() }
        use.namespaces.add(member.key.namespace)
        uses.set(key, use)
      }
  return [...uses.values()]
}

/** A named peer is told of where it is defined, once for all who use it. */
function spellOut(
  { peer, because }: PeerEntry,
  named: Decision['snapshot']['configuration']['peers'],
): { peer: SelectorPeer; source: Source }[] {
  if (peer.kind === 'pods' || peer.kind === 'pods-of') return [{ peer, source: because }]
  if (peer.kind !== 'named') return []
  return (named.get(peer.name) ?? []).flatMap(({ peer, path }) =>
    peer.kind === 'pods' || peer.kind === 'pods-of' ? [{ peer, source: { said: 'configuration', path } }] : [],
  )
}
