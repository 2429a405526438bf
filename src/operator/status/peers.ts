/** PeersResolved: everyone whom the tier's own words name is there, and agrees where that takes two. */
import type { ProblemCode } from '../../api/problem.ts'
import { writeKey } from '../../intent/tier.ts'
import { writeFullSentence } from '../news/words.ts'
import type { Verdict } from './condition.ts'
import type { Facts } from './facts.ts'
import type { StatusInput } from './input.ts'
import { joinSentences } from './list.ts'
import { lookUp } from './lookup.ts'

const reasons: Partial<Readonly<Record<ProblemCode, string>>> = {
  'edge-one-sided': 'OneSided',
  'edge-refused': 'Refused',
  'kube-apiserver-unknown': 'ApiServerUnknown',
  'peer-undefined': 'NotDefined',
  'peer-unknown-tier': 'NoSuchTier',
  'ports-nothing-left': 'NoCommonPort',
}

export function judgePeers({ key, intent }: Facts, accepted: Verdict, { decision, kept }: StatusInput): Verdict {
  const isRead = accepted.status === 'True' || accepted.reason === 'Conflict' || kept
  if (!key || !intent || !isRead)
    return { status: 'Unknown', reason: 'NotAccepted', message: 'Its peers are looked up once it is accepted' }
  const found = lookUp(decision).atMissingPeers.get(writeKey(key)) ?? []
  const told = found.filter(({ code }) => reasons[code] !== undefined)
  const [first] = told
  if (!first) return { status: 'True', reason: 'Resolved', message: 'Everyone whom it names is there and agrees' }
  return { status: 'False', reason: reasons[first.code] ?? '', message: joinSentences(told.map(writeFullSentence)) }
}
