/** Two subjects in, the pairs of their ends that are judged out. */
import { isNonEmpty, type NonEmpty } from '../../api/ports.ts'
import type { End } from '../../evaluate/index.ts'
import type { Subject, SubjectEnd } from '../world/subject.ts'

export interface Pair {
  readonly from: SubjectEnd
  readonly to: SubjectEnd
}

/** A pod always reaches itself, which says nothing of its siblings: it is left out, or stands for two of its kind. */
export function pairEnds(from: Subject, to: Subject): NonEmpty<Pair> {
  const first: Pair = { from: from.ends[0], to: to.ends[0] }
  const all = from.ends.flatMap(one => to.ends.map((other): Pair => ({ from: one, to: other })))
  const pairs = orElse(all.filter(canMeet), orElse(all, [first]))
  if (!from.hasSiblings && !to.hasSiblings) return pairs
  return orElse(
    pairs.filter(pair => !isSamePod(pair)),
    [{ from: first.from, to: twinOf(first.to) }],
  )
}

function orElse(pairs: readonly Pair[], others: NonEmpty<Pair>): NonEmpty<Pair> {
  return isNonEmpty(pairs) ? pairs : others
}

/** No packet goes from an IPv6 address to a pod that has IPv4 alone. */
function canMeet({ from, to }: Pair): boolean {
  const [mine, theirs] = [familiesOf(from.end), familiesOf(to.end)]
  return mine.size === 0 || theirs.size === 0 || mine.intersection(theirs).size > 0
}

function familiesOf(end: End): ReadonlySet<4 | 6> {
  const addresses = end.is === 'pod' ? end.ips : [end.ip]
  return new Set(addresses.map(address => (address.includes(':') ? 6 : 4)))
}

function isSamePod({ from: { end: from }, to: { end: to } }: Pair): boolean {
  return from.is === 'pod' && to.is === 'pod' && from.name === to.name && from.namespace === to.namespace
}

function twinOf(one: SubjectEnd): SubjectEnd {
  if (one.end.is !== 'pod') return one
  return {
    ...one,
    label: `another pod of ${one.label}`,
    end: { ...one.end, name: `${one.end.name} (another)`, ips: [] },
  }
}
