/** Names that we want and somebody else holds: the policies that can be written, and those that cannot. */

import { sameSpec } from '../plan/index.ts'
import { isSharedName } from '../policy/name.ts'
import type { WirePolicy } from '../policy/wire.ts'
import type { SeenPolicy } from './seen-policy.ts'

export interface Claim {
  readonly desired: readonly WirePolicy[]
  /** Foreign policies that hold our names, and are left alone. */
  readonly conflicts: readonly string[]
  /** Foreign policies that say what we would write: to be taken over. */
  readonly adoptions: readonly Adoption[]
}

export interface Adoption {
  readonly holder: SeenPolicy
  readonly policy: WirePolicy
}

export function claim(wanted: readonly WirePolicy[], seen: readonly SeenPolicy[], adopt: boolean): Claim {
  const foreign = new Map(seen.filter(({ ours }) => !ours).map(policy => [policy.name, policy]))
  if (!wanted.some(({ metadata }) => foreign.has(metadata.name)))
    return { desired: wanted, conflicts: [], adoptions: [] }
  const held = wanted.flatMap(policy => {
    const holder = foreign.get(policy.metadata.name)
    return holder ? [{ holder, policy, same: adopt && sameSpec(holder.spec, policy.spec) }] : []
  })
  const conflicts = held.filter(({ same }) => !same).map(({ holder }) => holder.name)
  const free = wanted.filter(({ metadata }) => !foreign.has(metadata.name))
  return {
    desired: conflicts.every(isSharedName) ? free : free.filter(({ metadata }) => !isNew(metadata.name, seen)),
    conflicts,
    adoptions: held.filter(({ same }) => same).map(({ holder, policy }) => ({ holder, policy })),
  }
}

/** A tier whose policy cannot be written would be cut off by a deny that comes: so none comes, and none goes. */
function isNew(name: string, seen: readonly SeenPolicy[]): boolean {
  return isSharedName(name) && !seen.some(policy => policy.ours && policy.name === name)
}
