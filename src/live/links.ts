/**
 * Which namespaces a namespace's tiers name. Only edges between tiers cross namespaces, and one side always names the
 * other, so a namespace is decided from itself and from those that it names or that name it. Too many is harmless.
 */
import { annotation, written } from '../api/annotations.ts'
import type { Configuration } from '../api/configuration.ts'
import { rememberByObject } from '../api/remember.ts'
import { isTierPeer } from '../graph/outside.ts'
import type { Seen } from './seen.ts'
import type { SeenPolicy } from './seen-policy.ts'

export function namedNamespaces(objects: Iterable<Seen>, policies: Iterable<SeenPolicy>): ReadonlySet<string> {
  const named = new Set<string>()
  for (const object of objects) for (const name of namedByObject(object)) named.add(name)
  for (const policy of policies) for (const name of namedByPolicy(policy)) named.add(name)
  return named
}

/** Asked for again whenever something else of the namespace changes. */
const namedByObject = rememberByObject(({ object: entry }: Seen): readonly string[] => {
  if (entry?.is === 'appTier') return readJson(JSON.stringify(entry.object.spec ?? {}))
  if (entry?.is !== 'workload') return []
  const { annotations } = entry.object.metadata
  return [annotation.from, annotation.to].flatMap(key =>
    Object.hasOwn(annotations, key) ? readPeers(annotations[key] ?? '') : [],
  )
})

/** What was last good counts again as soon as what replaced it is broken. */
const namedByPolicy = rememberByObject(({ ours, annotations }: SeenPolicy): readonly string[] => {
  const said = ours && Object.hasOwn(annotations, written.said) ? annotations[written.said] : undefined
  return said === undefined ? [] : [...readPeers(said), ...readJson(said)]
})

/** Those that the configuration names for every tier. */
export function namespacesOfBaseline({ baseline }: Configuration): ReadonlySet<string> {
  const named = [...baseline.from, ...baseline.to].flatMap(({ peer }) =>
    isTierPeer(peer) && peer.namespace !== undefined ? [peer.namespace] : [],
  )
  return new Set(named)
}

/** In a peer the namespace follows the last dot. */
function readPeers(text: string): string[] {
  return [...text.matchAll(/\.([a-z0-9][a-z0-9-]*)/g)].flatMap(([, name]) => name ?? [])
}

function readJson(text: string): string[] {
  return [...text.matchAll(/"namespace":"([^"]*)"/g)].flatMap(([, name]) => name ?? [])
}
