/** What every decision needs, whichever namespaces it is about: DNS and the API server's endpoints. */
import type { KubernetesObject } from '../api/kubernetes.ts'
import type { Seen } from './seen.ts'

/** Whether DNS runs on the nodes' network is to be seen in its workloads, which stand beside its Services. */
export function gatherShared(
  services: Iterable<Seen>,
  objectsIn: (namespace: string) => Iterable<Seen>,
): readonly KubernetesObject[] {
  const own = [...services]
  const namespaces = new Set(own.map(({ ref }) => ref.namespace))
  const workloads = [...namespaces].flatMap(namespace => [...objectsIn(namespace)]).filter(onHostNetwork)
  return [...own, ...workloads].flatMap(({ object }) => object ?? [])
}

function onHostNetwork({ object: entry }: Seen): boolean {
  return entry?.is === 'workload' && entry.object.template.spec.hostNetwork
}
