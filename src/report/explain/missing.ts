/** A denied flow → the edges that were declared for it and still wait for the other side, or for a tier to appear. */
import type { Problem } from '../../api/problem.ts'
import type { MissingEdge } from '../../graph/edge.ts'
import { findTiers, indexTiers, type Lookup } from '../../graph/lookup.ts'
import { isTierPeer } from '../../graph/outside.ts'
import { entriesOf } from '../../intent/members.ts'
import type { Member } from '../../intent/tier.ts'
import { writeQuote } from '../quote.ts'
import type { World } from '../world/index.ts'
import type { Flow } from './index.ts'
import type { PlaceToWrite } from './peer-text.ts'

export interface Missing {
  /** They say all that is to be done. */
  readonly decisive: readonly string[]
  /** They may be what is wrong: a name that means nobody, on the same list. */
  readonly hints: readonly string[]
}

const reasons: Readonly<Record<MissingEdge['reason'], string>> = {
  'no-such-tier': 'there is no such tier',
  'one-sided': 'only one of the two sides says so',
  refused: 'the server does not accept this client',
  'no-common-port': 'the two sides agree on no port',
  undefined: 'it is not known here',
}

export function missingBetween({ from, to }: Flow, { decision }: World, writing: PlaceToWrite): Missing {
  const { graph, intent, snapshot } = decision
  const lookup = indexTiers(intent, snapshot)
  const sides = [
    { own: to.members, other: from.members, list: 'from' },
    { own: from.members, other: to.members, list: 'to' },
  ] as const
  const found = sides.flatMap(({ own, other, list }) =>
    graph.missing
      .filter(missing => own.includes(missing.member) && isOn(missing, list))
      .map(missing => ({ missing, between: means(missing, list, other, lookup) })),
  )
  const write = ({ missing }: (typeof found)[number]) => describe(missing, decision.problems, writing)
  const vague = found.filter(
    ({ missing, between }) => !between && ['no-such-tier', 'undefined'].includes(missing.reason),
  )
  return { decisive: found.filter(({ between }) => between).flatMap(write), hints: vague.flatMap(write) }
}

const isOn = ({ member, because }: MissingEdge, list: 'from' | 'to') =>
  entriesOf(member[list]).some(entry => entry.because === because)

function means(
  { member, because }: MissingEdge,
  list: 'from' | 'to',
  other: readonly Member[],
  lookup: Lookup,
): boolean {
  const peer = entriesOf(member[list]).find(entry => entry.because === because)?.peer
  if (!peer || !isTierPeer(peer)) return false
  return findTiers(peer, member.key, lookup).some(({ members }) => members.some(one => other.includes(one)))
}

export function describeReason(reason: MissingEdge['reason']): string {
  return reasons[reason]
}

/** A preset's peer that is not there has no problem of its own. */
function describe(
  { because, label, reason }: MissingEdge,
  problems: readonly Problem[],
  { quote }: PlaceToWrite,
): string[] {
  const own = problems.filter(({ source }) => source === because)
  if (own.length === 0) return [`${label}: ${reasons[reason]} (${writeQuote(quote(because))})`]
  return own.map(({ message, fix }) => `${message}: ${fix} (${writeQuote(quote(because))})`)
}
