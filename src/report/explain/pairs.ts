/** Two subjects in, the pairs of their ends that are judged out. */
import { isNonEmpty, type NonEmpty } from '../../api/ports.ts'
import type { Subject, SubjectEnd } from '../world/subject.ts'

export interface Pair {
  readonly from: SubjectEnd
  readonly to: SubjectEnd
}

/** A pod always reaches itself, which says nothing of its siblings: it is left out, or stands for two of its kind. */
export function pairEnds(from: Subject, to: Subject): NonEmpty<Pair> {
  const [first = { from: from.ends[0], to: to.ends[0] }, ...more] = from.ends.flatMap(one =>
    to.ends.map((other): Pair => ({ from: one, to: other })),
  )
  if (!from.hasSiblings && !to.hasSiblings) return [first, ...more]
  const different = [first, ...more].filter(pair => !isSamePod(pair))
  return isNonEmpty(different) ? different : [{ from: first.from, to: twinOf(first.to) }]
}

function isSamePod({ from: { end: from }, to: { end: to } }: Pair): boolean {
  return from.is === 'pod' && to.is === 'pod' && from.name === to.name && from.namespace === to.namespace
}

function twinOf(one: SubjectEnd): SubjectEnd {
  if (one.end.is !== 'pod') return one
  return { ...one, label: `another pod of ${one.label}`, end: { ...one.end, name: `${one.end.name} (another)`, ips: [] } }
}
