/** Manifests laid over a reading of the cluster, as if they had been applied: what they name is replaced, all else stays. */
import { pickOurs } from '../../api/annotations.ts'
import type { KubernetesObject, NetworkPolicy, Pod, Workload } from '../../api/kubernetes.ts'
import { writeRef } from '../../api/source.ts'
import { refOf } from '../../intent/snapshot.ts'
import type { Seen } from '../../live/seen.ts'
import type { ReadPolicy } from '../../live/seen-policy.ts'
import { isPodOf } from '../../report/world/pods.ts'
import type { Reading } from './read.ts'

export interface Overlay {
  readonly reading: Reading
  /** Namespaces that the manifests speak of and that are nowhere: they count as if they were there. */
  readonly missing: readonly string[]
}

/** `now`: when new objects are created, as the API server would write it. */
export function layOver(reading: Reading, manifests: readonly KubernetesObject[], now: string): Overlay {
  const live = new Map([...reading.objects, ...reading.shared].map(seen => [writeRef(seen.ref), seen]))
  const asSeen = (entry: KubernetesObject) => seenFrom(entry, live.get(writeRef(refOf(entry.object))), now)
  const objects = replace(reading.objects, manifests.filter(isWatched).map(asSeen))
  const known = new Set(objects.filter(({ ref }) => ref.kind === 'Namespace').map(({ ref }) => ref.name))
  const missing = [...new Set(manifests.filter(isWatched).map(({ object }) => object.metadata.namespace ?? ''))]
    .filter(name => name !== '' && !known.has(name))
    .sort()
  return {
    missing,
    reading: {
      ...reading,
      objects: [...objects, ...missing.map(name => asSeen(namespaceNamed(name)))],
      shared: replace(reading.shared, manifests.filter(entry => isShared(entry, reading.sharedIn)).map(asSeen)),
      policies: layPolicies(reading.policies, manifests),
      pods: reading.pods && layPods(reading.pods, manifests, live),
    },
  }
}

const watchedKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'AppTier', 'Namespace']

function isWatched({ object }: KubernetesObject): boolean {
  return watchedKinds.includes(object.kind)
}

/** Services count only where the cluster's DNS is looked for. */
function isShared({ is, object }: KubernetesObject, namespaces: readonly string[]): boolean {
  return (is === 'service' || is === 'endpointSlice') && namespaces.includes(object.metadata.namespace ?? '')
}

function replace(all: readonly Seen[], others: readonly Seen[]): readonly Seen[] {
  const byRef = new Map([...all, ...others].map(seen => [writeRef(seen.ref), seen]))
  return [...byRef.values()]
}

function seenFrom(entry: KubernetesObject, live: Seen | undefined, now: string): Seen {
  return {
    ref: refOf(entry.object),
    apiVersion: live?.apiVersion ?? '',
    uid: live?.uid ?? '',
    generation: live?.generation,
    terminating: live?.terminating ?? false,
    object: dated(entry, live?.object?.object.metadata.creationTimestamp ?? now),
    problems: [],
  }
}

/** As it is read from the cluster: with the annotations that may be ours, and the time of its creation. */
function dated(entry: KubernetesObject, creationTimestamp: string): KubernetesObject {
  const metadata = <T extends KubernetesObject['object']['metadata']>(all: T) => ({
    ...all,
    creationTimestamp,
    annotations: pickOurs(all.annotations),
  })
  switch (entry.is) {
    case 'workload':
      return { is: 'workload', object: { ...entry.object, metadata: metadata(entry.object.metadata) } }
    case 'appTier':
      return { is: 'appTier', object: { ...entry.object, metadata: metadata(entry.object.metadata) } }
    case 'namespace':
      return { is: 'namespace', object: { ...entry.object, metadata: metadata(entry.object.metadata) } }
    default:
      return entry
  }
}

export function namespaceNamed(name: string): KubernetesObject {
  const metadata = { name, labels: {}, annotations: {}, creationTimestamp: undefined, ownerReferences: [] }
  return { is: 'namespace', object: { kind: 'Namespace', metadata: { ...metadata, namespace: undefined } } }
}

/** One of ours stays ours, whoever writes over it: the operator would mend it. */
function layPolicies(live: readonly ReadPolicy[], manifests: readonly KubernetesObject[]): readonly ReadPolicy[] {
  const keyed = (policy: ReadPolicy) => [`${policy.namespace}/${policy.name}`, policy] as const
  const byKey = new Map(live.map(keyed))
  const laid = manifests.flatMap(entry => {
    if (entry.is !== 'networkPolicy') return []
    const { name, namespace = '' } = entry.object.metadata
    return [policyFrom(entry.object, byKey.get(`${namespace}/${name}`))]
  })
  return [...new Map([...live, ...laid].map(keyed)).values()]
}

function policyFrom({ metadata, spec }: NetworkPolicy, live: ReadPolicy | undefined): ReadPolicy {
  const { name, namespace = '', labels, annotations } = metadata
  const fresh = { uid: '', resourceVersion: '', ours: false, terminating: false, finalizers: [], ownerReferences: [] }
  return { ...fresh, ...live, namespace, name, labels, annotations, spec }
}

/** A workload whose pods are to be made otherwise has none of the new ones yet: its template stands for them. */
function layPods(
  pods: readonly Pod[],
  manifests: readonly KubernetesObject[],
  live: ReadonlyMap<string, Seen>,
): readonly Pod[] {
  const changed = manifests.flatMap(({ is, object }) =>
    is === 'workload' && isMadeOtherwise(object, live.get(writeRef(refOf(object)))) ? [isPodOf(object)] : [],
  )
  const laid = manifests.flatMap(entry => (entry.is === 'pod' ? [entry.object] : []))
  const replaced = new Set(laid.map(pod => writeRef(refOf(pod))))
  const staying = pods.filter(pod => !replaced.has(writeRef(refOf(pod))) && !changed.some(isOld => isOld(pod)))
  return [...staying, ...laid]
}

function isMadeOtherwise({ selector, template }: Workload, live: Seen | undefined): boolean {
  if (live?.object?.is !== 'workload') return true
  const { object } = live.object
  const labels = (workload: Pick<Workload, 'selector' | 'template'>) =>
    JSON.stringify([workload.selector, workload.template.metadata.labels, workload.template.spec])
  return labels({ selector, template }) !== labels(object)
}
