/** What to tell whom where two sides of an edge do not agree: the side that is silent, and what it would have to say. */
import { type Peer, writePeer } from '../api/peers.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { type ObjectRef, writeRef } from '../api/source.ts'
import type { Member, PeerEntry } from '../intent/tier.ts'

export function clientIsSilent(server: Member, client: Member, { because }: PeerEntry): Problem {
  const what = `${writeRef(client.ref)} does not say that it connects to ${server.key.tier} in ${server.key.namespace}`
  return problemAt(because, 'edge-one-sided', what, `add ${nameFor(server, client)} to ${listOf(client.ref, 'to')}`)
}

export function serverIsSilent(server: Member, client: Member, { because }: PeerEntry): Problem {
  const across = server.key.namespace !== client.key.namespace
  const who = across ? `${client.key.tier} of ${client.key.namespace}` : client.key.tier
  return problemAt(
    because,
    across ? 'edge-one-sided' : 'edge-refused',
    `${writeRef(server.ref)} does not accept ${who}`,
    `add ${nameFor(client, server)} to ${listOf(server.ref, 'from')}, or take this peer away`,
  )
}

export function nothingLeft(server: Member, { because }: PeerEntry): Problem {
  const what = `${writeRef(server.ref)} accepts none of these ports from here`
  return problemAt(because, 'ports-nothing-left', what, 'name ports that it accepts, or leave the ports out')
}

/** One tier as another has to write it. */
function nameFor({ key }: Member, speaker: Member): string {
  const peer: Peer = {
    kind: 'tier',
    tier: key.tier,
    ...(key.namespace === speaker.key.namespace ? {} : { namespace: key.namespace }),
    ...(key.app === speaker.key.app ? {} : { app: key.app }),
  }
  return writePeer(peer)
}

function listOf(ref: ObjectRef, side: 'from' | 'to'): string {
  return ref.kind === 'AppTier' ? `spec.${side} of ${writeRef(ref)}` : `the allow-${side} of ${writeRef(ref)}`
}
