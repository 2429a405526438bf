/** Policies of ours that nobody desires, and that stay as they are: what they were made from is broken or out of sight. */
import { written } from '../api/annotations.ts'
import { writeRef } from '../api/source.ts'
import { isSharedName, namePolicy } from '../policy/name.ts'
import type { WirePolicy } from '../policy/wire.ts'
import { saidOn } from './last-good.ts'
import type { SeenPolicy } from './seen-policy.ts'
import type { NamespaceView, View } from './view.ts'

interface Given {
  readonly broken: ReadonlySet<string>
  readonly view: View
}

export function keptPolicies(
  { objects, policies }: NamespaceView,
  desired: readonly WirePolicy[],
  { broken, view }: Given,
): readonly string[] {
  const wanted = new Set(desired.map(({ metadata }) => metadata.name))
  const unwanted = policies.filter(({ ours, name }) => ours && !wanted.has(name))
  if (unwanted.length === 0) return []
  const brokenHere = objects.map(({ ref }) => ref).filter(ref => broken.has(writeRef(ref)))
  const tiers = unwanted.filter(policy => {
    const said = saidOn(policy.annotations, policy.namespace)
    if (!view.servesAppTiers && said.some(({ ref }) => ref.kind === 'AppTier')) return true
    if (said.length > 0) return said.some(({ ref }) => brokenHere.some(other => writeRef(other) === writeRef(ref)))
    // Without its words, a policy is known by the name that it would have.
    return brokenHere.some(({ kind, name }) => namePolicy({ kind, name, ...tierOf(policy) }) === policy.name)
  })
  // As long as some tier's policy is kept, or may be asked for out of sight, the namespace stays isolated.
  const shared = tiers.length > 0 || !view.servesAppTiers ? unwanted.filter(({ name }) => isSharedName(name)) : []
  return [...new Set([...tiers, ...shared].map(({ name }) => name))].sort()
}

function tierOf({ labels }: SeenPolicy): { readonly app: string; readonly tier: string } {
  return { app: labels[written.appLabel] ?? '', tier: labels[written.tierLabel] ?? '' }
}
