import { writePeer, writePeerWithPorts } from '../api/peers.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { entriesOf } from '../intent/members.ts'
import type { Member, PeerEntry } from '../intent/tier.ts'
import type { Survey } from './survey/index.ts'
import { isWholeFamily } from './survey/wide-peers.ts'

/** All addresses of one family, written where `anywhere` or `internet` is meant. */
export function cidrEverywhere({ decision }: Survey): Problem[] {
  return decision.graph.members.flatMap(member => [
    // peer-anywhere-db says more of these.
    ...(member.key.tier === 'db' ? [] : judge(member.from)),
    ...judge(member.to),
  ])
}

function judge(field: Member['from']): Problem[] {
  return entriesOf(field)
    .filter(({ peer }) => peer.kind === 'cidr' && peer.except.length === 0 && isWholeFamily(peer.cidr))
    .map(({ peer, ports, because }: PeerEntry) => {
      const write = (kind: 'anywhere' | 'internet') =>
        writePeerWithPorts({ peer: { kind }, ...(ports ? { ports } : {}) })
      const inSpec = because.said === 'object' && because.path[0] === 'spec'
      const offers = inSpec ? ['anywhere: true', 'internet: true'] : [write('anywhere'), write('internet')]
      return problemAt(
        because,
        'cidr-everywhere',
        `${writePeer(peer)} means addresses of one family: many CNIs do not match pods with it`,
        `write ${offers[0]} for everyone, or ${offers[1]} for public addresses`,
      )
    })
}
