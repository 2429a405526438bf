import { type Problem, problemAt } from '../api/problem.ts'
import { impliesSelector } from '../api/selector.ts'
import { sourceAt, writeRef } from '../api/source.ts'
import { type Member, writeKey, writeTier } from '../intent/tier.ts'
import type { Survey } from './survey/index.ts'
import { listFew } from './survey/list-few.ts'
import { labelsFor } from './survey/witness.ts'

/** Pods that are in two tiers. */
export function tierOverlap(survey: Survey): Problem[] {
  const overlaps = [
    ...survey.pods.map(({ ref, members }) => ({ whose: `the pods of ${writeRef(ref)}`, members })),
    ...impliedOverlaps(survey),
  ].filter(({ members }) => new Set(members.map(({ key }) => writeKey(key))).size > 1)
  return [...Map.groupBy(overlaps, ({ members }) => widest(members))].flatMap(([member, found]) => {
    const [first] = found
    if (!first || !member) return []
    const others = new Set(found.flatMap(({ members }) => members).filter(other => !sameTier(other, member)))
    return problemAt(
      sourceAt(member.ref, ['spec', 'selector']),
      'tier-overlap',
      `${first.whose} are in tier ${writeTier(member.key)} by ${writeRef(member.ref)}, and in ${listFew([...others].map(nameTier))}: policies add up`,
      'give the pods of each tier a label that the other tier’s do not have, and select by it',
    )
  })
}

const nameTier = ({ key, ref }: Member) => `${writeTier(key)} by ${writeRef(ref)}`
const sameTier = (a: Member, b: Member) => writeKey(a.key) === writeKey(b.key)

/** Whose selector is to be mended: an AppTier's, which is apt to reach too far, else the last. */
function widest(members: readonly Member[]): Member | undefined {
  return members.findLast(({ ref }) => ref.kind === 'AppTier') ?? members.at(-1)
}

/** AppTiers whose pods the input does not have. */
function impliedOverlaps({ decision, podsOf, membersMatching }: Survey): { whose: string; members: Member[] }[] {
  return decision.graph.members
    .filter(member => podsOf(member).length === 0)
    .map(member => {
      const implied = membersMatching(member.key.namespace, labelsFor(member.selector))
      const others = implied.filter(other => other !== member && impliesSelector(member.selector, other.selector))
      return { whose: `all pods of ${writeRef(member.ref)}`, members: [member, ...others] }
    })
}
