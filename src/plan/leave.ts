/**
 * A namespace that Tierwall leaves: default-deny goes first, then allow-dns, then the tiers. Pods of several tiers keep
 * what is theirs by all of them until the last is gone; pods that others isolate lose what was ours beforehand.
 */
import { selectorsMeet } from '../api/selector.ts'
import { isSharedName, sharedNames } from '../policy/name.ts'
import type { Change, Held } from './changes.ts'
import { asWire, bridgeFor, type Course, rankOf, ranks } from './course.ts'
import { type Group, groupByPods } from './groups.ts'
import { type Isolator, splitBy } from './split.ts'
import type { LivePolicy } from './state.ts'

type Leaving = LivePolicy & Held

export function leave(changes: readonly Change[], foreign: readonly Isolator[]): Course[] {
  const lives = changes.flatMap(({ live }) => (live ? [live] : []))
  const isShared = ({ name }: Leaving) => isSharedName(name)
  const isTouched = ({ pods }: Pick<Leaving, 'pods'>) => foreign.some(isolator => selectorsMeet(isolator.pods, pods))
  const tiers = groupByPods(lives.filter(live => !isShared(live)))
  const dns = lives
    .filter(({ name }) => name === sharedNames.dns)
    .map((live): Group<Leaving> => ({ pods: live.pods, members: [live] }))
  const held = [...tiers, ...dns].filter(group => group.members.length > 1 || isTouched(group))
  return [
    ...held.flatMap(group => holdOn(group, foreign)),
    ...lives.map((live): Course => {
      const early = live.name !== sharedNames.deny && isTouched(live)
      const { namespace, name } = live
      return {
        namespace,
        name,
        live,
        close: early ? undefined : 'live',
        open: undefined,
        tidy: undefined,
        rank: rankOf(name),
      }
    }),
  ]
}

/** allow-dns selects every pod, so it goes before the tiers; the larger a group of those, the later: a pod's last policy is the one of all. */
function holdOn({ pods, members }: Group<Leaving>, foreign: readonly Isolator[]): Course[] {
  const was = asWire(members[0])
  const grants = members.flatMap(member => member.grants)
  return splitBy(pods, foreign)
    .filter(({ isolated }) => isolated.length < 2)
    .map(part => {
      const free = grants.filter(({ direction }) => !part.isolated.includes(direction))
      const rank = was.metadata.name === sharedNames.dns ? ranks.dns - 0.5 : ranks.bridge - members.length / 100
      return bridgeFor(was, part.pods, free, 'open', rank)
    })
}
