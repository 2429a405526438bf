import { writePeer, writePeerWithPorts } from '../api/peers.ts'
import type { Port } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { entriesOf } from '../intent/members.ts'
import type { PeerEntry } from '../intent/tier.ts'
import type { Survey } from './survey/index.ts'

/** A way out to every port. */
export function egressAllPorts({ decision }: Survey): Problem[] {
  return decision.graph.openEdges
    .filter(({ direction, ports }) => direction === 'egress' && ports === 'all')
    .flatMap(({ member, because: [because] }) => {
      const entry = entriesOf(member.to).find(entry => entry.because === because)
      return entry ? [problemOf(entry)] : []
    })
}

const https: Port = { by: 'number', first: 443, last: 443, protocol: 'TCP' }

function problemOf({ peer, because }: PeerEntry): Problem {
  const inSpec = because.said === 'object' && because.path[0] === 'spec'
  const fix = inSpec ? 'ports: [{port: 443}] beside it' : writePeerWithPorts({ peer, ports: [https] })
  return problemAt(
    because,
    'egress-all-ports',
    `${writePeer(peer)} without ports opens every port and protocol there`,
    `write ${fix}, with the port that is meant`,
  )
}
