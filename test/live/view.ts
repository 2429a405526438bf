/** A cluster at one moment, from what people write and the policies that stand there, as the operator would see it. */
import { type Configuration, readConfiguration } from '../../src/api/configuration.ts'
import { namedNamespaces, namespacesOfBaseline } from '../../src/live/links.ts'
import { takeOutlook } from '../../src/live/outlook.ts'
import { readSeen, type Seen } from '../../src/live/seen.ts'
import { type ReadPolicy, readSeenPolicy, type SeenPolicy } from '../../src/live/seen-policy.ts'
import { gatherShared } from '../../src/live/shared.ts'
import type { NamespaceView, View } from '../../src/live/view.ts'
import type { WirePolicy } from '../../src/policy/wire.ts'

export interface Standing {
  readonly objects: readonly unknown[]
  readonly policies?: readonly SeenPolicy[]
  readonly configuration?: unknown
  readonly servesAppTiers?: boolean
  readonly adopt?: boolean
}

const shared = ['Service', 'EndpointSlice']

export function viewOf({ objects, policies = [], configuration = {}, ...more }: Standing): View {
  const read = readConfiguration(configuration).configuration
  // Pods are not watched.
  const seen = objects.flatMap(object => readSeen(object) ?? []).filter(({ ref }) => ref.kind !== 'Pod')
  const names = new Set([...seen.map(namespaceOf), ...policies.map(({ namespace }) => namespace)])
  const spaces = new Map([...names].map(name => [name, makeSpace(name, seen, policies)]))
  return {
    namespace: name => ({
      ...(spaces.get(name) ?? makeSpace(name, [], [])),
      neighbours: neighboursOf(name, spaces, read),
    }),
    shared: gatherShared(
      seen.filter(({ ref }) => shared.includes(ref.kind)),
      name => spaces.get(name)?.objects ?? [],
    ),
    servesAppTiers: more.servesAppTiers ?? true,
    configuration: read,
    adopt: more.adopt ?? false,
  }
}

export function namespacesOf({ objects }: Standing): readonly string[] {
  return [...new Set(objects.flatMap(object => readSeen(object) ?? []).map(namespaceOf))].sort()
}

type Space = Omit<NamespaceView, 'neighbours'>

function makeSpace(name: string, seen: readonly Seen[], policies: readonly SeenPolicy[]): Space {
  return {
    name,
    self: seen.find(({ ref }) => ref.kind === 'Namespace' && ref.name === name) ?? readSeen(namespaceObject(name)),
    objects: seen.filter(({ ref }) => ref.namespace === name && !shared.includes(ref.kind)),
    policies: policies.filter(({ namespace }) => namespace === name),
  }
}

function neighboursOf(name: string, spaces: ReadonlyMap<string, Space>, configuration: Configuration) {
  const always = namespacesOfBaseline(configuration)
  const namedBy = (space: Space | undefined) => namedNamespaces(space?.objects ?? [], space?.policies ?? [])
  const own = namedBy(spaces.get(name))
  const all = [...spaces].filter(
    ([other, space]) => own.has(other) || namedBy(space).has(name) || always.has(other) || always.has(name),
  )
  return new Set(all.map(([other]) => other).filter(other => other !== name))
}

const namespaceOf = ({ ref }: Seen) => (ref.kind === 'Namespace' ? ref.name : ref.namespace)
const namespaceObject = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })

let versions = 0

/** As it stands after somebody wrote it. */
export function standing(policy: WirePolicy, manager = 'tierwall'): ReadPolicy {
  const resourceVersion = String(++versions)
  const managedFields = [{ manager, operation: 'Update', fieldsV1: { 'f:spec': { 'f:podSelector': {} } } }]
  const metadata = { ...policy.metadata, uid: `uid-${resourceVersion}`, resourceVersion, managedFields }
  const seen = readSeenPolicy(JSON.parse(JSON.stringify({ ...policy, metadata })))
  if (!seen) throw new Error(`${policy.metadata.name} cannot be read`)
  return seen
}

/** All that is desired of these namespaces, by `namespace/name`. */
export function desiredIn(view: View, namespaces: readonly string[]): ReadonlyMap<string, WirePolicy> {
  const policies = takeOutlook(view, namespaces).targets.flatMap(({ state }) => state.desired)
  return new Map(policies.map(policy => [`${policy.metadata.namespace}/${policy.metadata.name}`, policy]))
}
