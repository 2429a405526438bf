/**
 * A namespace without default-deny: the first policy on a pod that none selects closes, so it belongs to the first round
 * and has to carry all that is desired for that pod; on a pod that others isolate it opens, and belongs to the second.
 */
import { selectorsMeet } from '../api/selector.ts'
import { isSharedName } from '../policy/name.ts'
import type { WirePolicy } from '../policy/wire.ts'
import type { Change, Held } from './changes.ts'
import { bridgeFor, type Course, rankOf, ranks } from './course.ts'
import { type Group, groupByPods } from './groups.ts'
import { settle } from './settle.ts'
import { type Isolator, splitBy } from './split.ts'

type Wanted = Held & { readonly policy: WirePolicy }

export function arrive(changes: readonly Change[], isolators: readonly Isolator[], gains: readonly Held[]): Course[] {
  const isShared = ({ name }: Change) => isSharedName(name)
  const tiers = changes.filter(change => !isShared(change))
  const wanted = tiers.flatMap(({ desired }) => (desired ? [desired] : []))
  const shared = changes.filter(isShared).flatMap(settleShared)
  const groups = groupByPods(wanted)
  if (wanted.some(({ pods }) => isolators.some(isolator => selectorsMeet(isolator.pods, pods))))
    return [...groups.flatMap(group => coverUnisolated(group, isolators)), ...settle(tiers, gains), ...shared]
  const together = groups.filter(({ members }) => members.length > 1)
  return [...together.flatMap(group => coverUnisolated(group, [])), ...tiers.flatMap(settleShared), ...shared]
}

/** Written as desired in the first round. */
function settleShared({ namespace, name, live, desired }: Change): Course[] {
  if (!desired) return []
  return [
    { namespace, name, live, close: desired.policy, open: desired.policy, tidy: desired.policy, rank: rankOf(name) },
  ]
}

/** The larger the group, the earlier: a pod's first policy is the one of all that select it. */
function coverUnisolated({ pods, members }: Group<Wanted>, isolators: readonly Isolator[]): Course[] {
  const grants = members.flatMap(member => member.grants)
  return splitBy(pods, isolators)
    .filter(({ isolated }) => isolated.length < 2)
    .map(part => {
      const free = grants.filter(({ direction }) => !part.isolated.includes(direction))
      return bridgeFor(members[0].policy, part.pods, free, 'tidy', ranks.bridge - members.length / 100)
    })
}
