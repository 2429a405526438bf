/** Peers as an annotation's list: each entry with one port at most. */
import { writePeer, writePeerWithPorts } from '../../api/peers.ts'
import type { PeerEntry } from '../../intent/tier.ts'

type Written = Pick<PeerEntry, 'peer' | 'ports'>

export function writePeerList(entries: readonly Written[]): string {
  return entries
    .flatMap(({ peer, ports }) => ports?.map(port => writePeerWithPorts({ peer, ports: [port] })) ?? [writePeer(peer)])
    .join(', ')
}

/** Selectors are for AppTiers only. */
export function fitsAnnotation(entries: readonly Written[]): boolean {
  return entries.every(({ peer }) => peer.kind !== 'pods')
}

/** Without the baseline, which joins every tier's list and was said by none. */
export function ownEntries(entries: readonly PeerEntry[]): readonly PeerEntry[] {
  return entries.filter(({ origin }) => origin !== 'baseline')
}
