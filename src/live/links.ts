/**
 * Which namespaces a namespace's tiers name. Only edges between tiers cross namespaces, and one side always names the
 * other, so a namespace is decided from itself and from those that it names or that name it. Too many is harmless.
 */
import { annotation, written } from '../api/annotations.ts'
import type { Configuration } from '../api/configuration.ts'
import { isTierPeer } from '../graph/outside.ts'
import type { Seen } from './seen.ts'
import type { SeenPolicy } from './seen-policy.ts'

export function namedNamespaces(objects: Iterable<Seen>, policies: Iterable<SeenPolicy>): ReadonlySet<string> {
  const named = new Set<string>()
  for (const { object: entry } of objects) {
    if (entry?.is === 'appTier') addFromJson(JSON.stringify(entry.object.spec ?? {}), named)
    if (entry?.is !== 'workload') continue
    const { annotations } = entry.object.metadata
    for (const key of [annotation.from, annotation.to])
      if (Object.hasOwn(annotations, key)) addFromPeers(annotations[key] ?? '', named)
  }
  // What was last good counts again as soon as what replaced it is broken.
  for (const { ours, annotations } of policies) {
    const said = ours && Object.hasOwn(annotations, written.said) ? annotations[written.said] : undefined
    if (said === undefined) continue
    addFromPeers(said, named)
    addFromJson(said, named)
  }
  return named
}

/** Those that the configuration names for every tier. */
export function namespacesOfBaseline({ baseline }: Configuration): ReadonlySet<string> {
  const named = [...baseline.from, ...baseline.to].flatMap(({ peer }) =>
    isTierPeer(peer) && peer.namespace !== undefined ? [peer.namespace] : [],
  )
  return new Set(named)
}

/** In a peer the namespace follows the last dot. */
function addFromPeers(text: string, named: Set<string>): void {
  for (const [, name] of text.matchAll(/\.([a-z0-9][a-z0-9-]*)/g)) if (name !== undefined) named.add(name)
}

function addFromJson(text: string, named: Set<string>): void {
  for (const [, name] of text.matchAll(/"namespace":"([^"]*)"/g)) if (name !== undefined) named.add(name)
}
