import { writePeer } from '../api/peers.ts'
import { writePorts } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { writeRef, writeSource } from '../api/source.ts'
import { entriesOf, portsOf } from '../intent/members.ts'
import { type Member, writeKey, writeTier } from '../intent/tier.ts'
import { nameField } from './survey/fields.ts'
import type { Survey } from './survey/index.ts'
import { ownEntries } from './survey/peer-list.ts'

/** A tier with ports that nobody may reach, without anybody having said so. */
export function tierUnreachable({ decision }: Survey): Problem[] {
  const { members, tierEdges, openEdges, missing } = decision.graph
  const reached = new Set([
    ...tierEdges.map(({ server }) => server),
    ...openEdges.filter(({ direction }) => direction === 'ingress').map(({ member }) => member),
  ])
  // The engine has told whoever wrote the peer.
  const told = new Set(missing.map(({ because }) => because))
  const unreached = members.filter(
    member =>
      !reached.has(member) &&
      portsOf(member.ports).length > 0 &&
      member.from.is !== 'broken' &&
      !saysNobody(member) &&
      !entriesOf(member.from).some(({ because, origin }) => origin === 'written' && told.has(because)),
  )
  return onePerTier(unreached).map(member => {
    const by = nameField(member, 'from')
    return problemAt(
      member.from.is === 'said' && member.from.because.said === 'object' ? member.from.because : member.because,
      'tier-unreachable',
      `nobody may reach tier ${writeTier(member.key)} on ${writePorts(portsOf(member.ports))}: ${whyOf(member)}`,
      `write ${by.write('PEER')} with those who may connect to ${writeRef(member.ref)}, or ${by.none}`,
    )
  })
}

function saysNobody({ from }: Member): boolean {
  return from.is === 'said' && ownEntries(from.value).length === 0
}

function onePerTier(members: readonly Member[]): Member[] {
  const groups = Map.groupBy(members, ({ key, from }) =>
    [writeKey(key), from.is === 'said' ? writeSource(from.because) : ''].join(' '),
  )
  return [...groups.values()].flatMap(([first]) => (first ? [first] : []))
}

function whyOf({ from, key }: Member): string {
  const entries = ownEntries(entriesOf(from))
  if (entries.length === 0) return 'nothing says who may'
  const peers = entries.map(({ peer }) => writePeer(peer)).join(', ')
  const whose = from.is === 'said' && from.because.said === 'preset' ? `the preset of ${key.tier}` : 'its from'
  return `${whose} accepts ${peers} alone, which has no pods here`
}
