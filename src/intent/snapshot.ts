/** Everything that decisions are made from, sorted: the objects by kind and the configuration. */

import { namespaceNameLabel } from '../api/annotations.ts'
import type { Configuration } from '../api/configuration.ts'
import type {
  ApiService,
  AppTierObject,
  EndpointSlice,
  KubernetesObject,
  Labels,
  Metadata,
  Namespace,
  NetworkPolicy,
  Pod,
  Service,
  WebhookConfiguration,
  Workload,
} from '../api/kubernetes.ts'
import { compareText } from '../api/order.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { type ObjectRef, sourceAt, writeRef } from '../api/source.ts'

export interface Snapshot {
  readonly workloads: readonly Workload[]
  readonly pods: readonly Pod[]
  readonly namespaces: ReadonlyMap<string, Namespace>
  readonly services: readonly Service[]
  readonly endpointSlices: readonly EndpointSlice[]
  readonly networkPolicies: readonly NetworkPolicy[]
  readonly appTiers: readonly AppTierObject[]
  readonly webhookConfigurations: readonly WebhookConfiguration[]
  readonly apiServices: readonly ApiService[]
  readonly configuration: Configuration
  readonly problems: readonly Problem[]
}

interface Named {
  readonly kind: string
  readonly metadata: Metadata
}

export function refOf({ kind, metadata }: Named): ObjectRef {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name }
}

export function compareRefs(a: ObjectRef, b: ObjectRef): number {
  return compareText(a.namespace, b.namespace) || compareText(a.kind, b.kind) || compareText(a.name, b.name)
}

export function gatherSnapshot(objects: readonly KubernetesObject[], configuration: Configuration): Snapshot {
  const problems: Problem[] = []
  const of = <K extends KubernetesObject['is']>(is: K) =>
    eachOnce(
      objects
        .filter((entry): entry is Extract<KubernetesObject, { is: K }> => entry.is === is)
        .map(entry => entry.object as Extract<KubernetesObject, { is: K }>['object']),
      problems,
    )
  return {
    workloads: of('workload'),
    pods: of('pod'),
    namespaces: new Map(of('namespace').map(object => [object.metadata.name, object])),
    services: of('service'),
    endpointSlices: of('endpointSlice'),
    networkPolicies: of('networkPolicy'),
    appTiers: of('appTier'),
    webhookConfigurations: of('webhookConfiguration'),
    apiServices: of('apiService'),
    configuration,
    problems,
  }
}

/** Sorted. Of objects that stand twice, which one counts does not depend on their order. */
function eachOnce<T extends Named>(objects: readonly T[], problems: Problem[]): T[] {
  const byRef = Map.groupBy(objects, object => writeRef(refOf(object)))
  return [...byRef.values()]
    .map(([first, ...others]) => {
      if (first === undefined) throw new Error('a group has a first')
      if (others.length === 0) return first
      const fix = 'take one away: the input may hold each object once'
      const ref = refOf(first)
      problems.push(
        problemAt(sourceAt(ref, []), 'object-duplicate', `${writeRef(ref)} stands in the input more than once`, fix),
      )
      return (
        [first, ...others]
          .map(one => [JSON.stringify(one), one] as const)
          .sort(([a], [b]) => compareText(a, b))[0]?.[1] ?? first
      )
    })
    .sort((a, b) => compareRefs(refOf(a), refOf(b)))
}

/** A namespace's labels; the API server always adds its name, also where the input has no Namespace object. */
export function namespaceLabels(snapshot: Pick<Snapshot, 'namespaces'>, namespace: string): Labels {
  return { ...snapshot.namespaces.get(namespace)?.metadata.labels, [namespaceNameLabel]: namespace }
}
