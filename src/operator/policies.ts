/**
 * The policies of the namespaces, by what the watch tells and by what our own writes were answered: a plan that is made
 * before the watch has told of our last write must not be made from what was there before it.
 */

import type { SeenPolicy } from '../live/seen-policy.ts'
import type { Slot } from './slots.ts'

/** Whether it was news. */
export function putPolicy(slot: Slot, policy: SeenPolicy, gone: ReadonlySet<string>): boolean {
  if (gone.has(policy.uid)) return false
  const before = slot.policies.get(policy.name)
  if (before !== undefined && !isNewer(policy, before)) {
    // The watch's copy of what we know already: one copy is enough.
    if (before.resourceVersion === policy.resourceVersion) slot.policies.set(policy.name, policy)
    return false
  }
  slot.policies.set(policy.name, policy)
  return true
}

/** Whether it was news: of two of one name, the other one may be there by now. */
export function removePolicy(slot: Slot, { name, uid }: Pick<SeenPolicy, 'name' | 'uid'>): boolean {
  if (slot.policies.get(name)?.uid !== uid) return false
  return slot.policies.delete(name)
}

/** All of one resource's versions count upwards in etcd; where they are no numbers, whatever comes is news. */
function isNewer(policy: SeenPolicy, before: SeenPolicy): boolean {
  const [now, then] = [Number(policy.resourceVersion), Number(before.resourceVersion)]
  return !(now <= then)
}
