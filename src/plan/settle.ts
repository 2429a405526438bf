/** A namespace whose default-deny stands: every pod is isolated, so policies only ever add up. */
import { selectorOnWire } from '../policy/peers.ts'
import { type Change, type Held, mayMeet } from './changes.ts'
import { coversGrant } from './compare.ts'
import { asWire, bridgeFor, type Course, rankOf, samePolicy, type Version } from './course.ts'
import { addGrants, withGrants } from './spec.ts'

export function settle(changes: readonly Change[], gains: readonly Held[]): Course[] {
  return changes.flatMap(change => settleOne(change, gains))
}

function settleOne(change: Change, gains: readonly Held[]): Course[] {
  const { namespace, name, live, desired, kept, lost, partly } = change
  const course = (close: Version, open: Version, tidy: Version): Course => ({
    namespace,
    name,
    live,
    close,
    open,
    tidy,
    rank: rankOf(name),
  })
  if (!live) return desired ? [course(undefined, desired.policy, desired.policy)] : []
  if (desired && samePolicy(live, desired.policy)) return []
  const was = asWire(live)
  const narrowed = lost.length > 0 ? withGrants(was, kept) : 'live'
  const bridges = partly.map(({ pods, grants }) => bridgeFor(was, pods, grants, 'tidy'))
  if (!desired) {
    const isNeeded = change.needed.length > 0
    return [...bridges, isNeeded ? course(narrowed, narrowed, undefined) : course(undefined, undefined, undefined)]
  }
  const { policy } = desired
  if (!samePods(live, desired)) {
    const former = kept.length > 0 ? [bridgeFor(was, live.pods, kept, 'tidy')] : []
    return [...former, ...bridges, course(narrowed, policy, policy)]
  }
  const others = kept.filter(grant => !desired.grants.some(own => coversGrant(own, grant)))
  const held = others.length > 0 ? addGrants(policy, others) : policy
  if (change.gained.length === 0) return [...bridges, course(held, held, policy)]
  const mustClose = partly.length > 0 || gains.some(gain => mayMeet({ ...live, grants: lost }, gain))
  return [...bridges, course(mustClose ? narrowed : 'live', held, policy)]
}

function samePods(a: Held, b: Held): boolean {
  return JSON.stringify(selectorOnWire(a.pods)) === JSON.stringify(selectorOnWire(b.pods))
}
