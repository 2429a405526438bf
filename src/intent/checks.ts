/** What a member's own fields must agree on before it may have a policy. Each check is pure and names a reason. */
import { type Configuration, isOutside } from '../api/configuration.ts'
import { writePeer } from '../api/peers.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import type { Member, PeerEntry } from './tier.ts'

type Check = (member: Member, configuration: Configuration) => Problem[]

const checks: readonly Check[] = [everyPeerHasPorts, namesStayInside]

export function checkMember(member: Member, configuration: Configuration): Problem[] {
  return checks.flatMap(check => check(member, configuration))
}

/** Kubernetes reads a rule without ports as all ports. A preset's peer beside `ports: none` just means nobody. */
function everyPeerHasPorts({ ports, from, key }: Member, configuration: Configuration): Problem[] {
  if (ports.is === 'broken' || from.is === 'broken' || ports.value.length > 0) return []
  return from.value
    .filter(entry => entry.origin === 'written' && !entry.ports && !bringsPorts(entry, configuration))
    .map(({ peer, because }) =>
      problemAt(
        because,
        'ports-missing',
        `${writePeer(peer)} may connect to ${key.tier}, but ${key.tier} has no ports`,
        `give ${key.tier} its ports, or write ${writePeer(peer)}:PORT`,
      ),
    )
}

/** A named peer that is not defined means no rule, so it needs no ports yet. */
function bringsPorts({ peer }: PeerEntry, configuration: Configuration): boolean {
  return peer.kind === 'named' && (configuration.peers.get(peer.name) ?? []).every(({ ports }) => ports !== undefined)
}

/** Names are looked up on the destination's pods: an address outside has none. */
function namesStayInside({ to }: Member, configuration: Configuration): Problem[] {
  if (to.is === 'broken') return []
  return to.value
    .filter(entry => entry.origin === 'written' && namesOutside(entry, configuration))
    .map(({ peer, because }) =>
      problemAt(
        because,
        'port-name-outside',
        `${writePeer(peer)} has no container ports to look a name up in`,
        'write the port as a number',
      ),
    )
}

function namesOutside({ peer, ports }: PeerEntry, configuration: Configuration): boolean {
  const meant = peer.kind === 'named' ? (configuration.peers.get(peer.name) ?? []) : [{ peer, ports }]
  return meant.some(one => isOutside(one.peer) && (ports ?? one.ports ?? []).some(({ by }) => by === 'name'))
}
