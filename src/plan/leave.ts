/**
 * A namespace that Tierwall leaves: default-deny goes first, then allow-dns, then the tiers. Pods of several tiers keep
 * what is theirs by all of them until the last is gone; pods that others isolate lose what was ours beforehand.
 */
import { selectorsMeet } from '../api/selector.ts'
import { isSharedName, sharedNames } from '../policy/name.ts'
import type { Change, Held } from './changes.ts'
import { bothSelectors, coversGrant } from './compare.ts'
import { asWire, bridgeFor, type Course, rankOf, ranks } from './course.ts'
import { type Group, groupByPods } from './groups.ts'
import { type Isolator, splitBy } from './split.ts'
import type { LivePolicy } from './state.ts'

type Leaving = LivePolicy & Held

interface Bridged extends Group<Leaving> {
  readonly rank: number
}

export function leave(changes: readonly Change[], foreign: readonly Isolator[]): Course[] {
  const lives = changes.flatMap(({ live }) => (live ? [live] : []))
  const isShared = ({ name }: Leaving) => isSharedName(name)
  const isTouched = ({ pods }: Pick<Leaving, 'pods'>) => foreign.some(isolator => selectorsMeet(isolator.pods, pods))
  const tiers = groupByPods(lives.filter(live => !isShared(live))).map(rankBySize)
  const dns = lives
    .filter(({ name }) => name === sharedNames.dns)
    .map((live): Bridged => ({ pods: live.pods, members: [live], rank: ranks.dns - 0.5 }))
  const held = [
    ...[...tiers, ...dns].filter(group => group.members.length > 1 || isTouched(group)),
    ...tiers.flatMap(group => dns.flatMap(one => joinDns(group, one))),
  ]
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
function rankBySize(group: Group<Leaving>): Bridged {
  return { ...group, rank: ranks.bridge - group.members.length / 100 }
}

/** A tier carries the way to DNS itself, unless somebody took it away: then its pods have theirs by allow-dns alone. */
function joinDns({ pods, members, rank }: Bridged, { members: [dns] }: Bridged): Bridged[] {
  const isCarried = (grant: Held['grants'][number]) =>
    members.some(({ grants }) => grants.some(own => coversGrant(own, grant)))
  if (!selectorsMeet(pods, dns.pods) || dns.grants.every(isCarried)) return []
  return [{ pods: bothSelectors(pods, dns.pods), members: [...members, dns], rank: rank - 0.005 }]
}

function holdOn({ pods, members, rank }: Bridged, foreign: readonly Isolator[]): Course[] {
  const was = asWire(members[0])
  const grants = members.flatMap(member => member.grants)
  return splitBy(pods, foreign)
    .filter(({ isolated }) => isolated.length < 2)
    .map(part => {
      const free = grants.filter(({ direction }) => !part.isolated.includes(direction))
      return bridgeFor(was, part.pods, free, 'open', rank)
    })
}
