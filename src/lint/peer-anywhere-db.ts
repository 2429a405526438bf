import { writePeer } from '../api/peers.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { entriesOf } from '../intent/members.ts'
import type { Survey } from './survey/index.ts'
import { isWholeWorld } from './survey/wide-peers.ts'

/** A database that everyone may reach. */
export function peerAnywhereDb({ decision }: Survey): Problem[] {
  const { peers } = decision.snapshot.configuration
  return decision.graph.members
    .filter(({ key }) => key.tier === 'db')
    .flatMap(({ from }) => entriesOf(from))
    .filter(({ peer }) => isWholeWorld(peer, peers))
    .map(({ peer, because }) =>
      problemAt(
        because,
        'peer-anywhere-db',
        `${writePeer(peer)} lets the whole world connect to a database`,
        'name the tiers that need it, such as api',
      ),
    )
}
