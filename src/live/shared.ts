/** What every decision needs, whichever namespaces it is about: DNS and the API server's endpoints. */
import type { Configuration } from '../api/configuration.ts'
import type { KubernetesObject } from '../api/kubernetes.ts'
import type { Seen } from './seen.ts'

/** Where OpenShift keeps its DNS: looked at as soon as there is such a namespace. */
export const openShiftDns = 'openshift-dns'

/** Where DNS is looked for, of the namespaces that are known and of those that the configuration names. */
export function dnsNamespaces({ dns }: Configuration, known: readonly string[]): readonly string[] {
  const openShift = known.filter(name => name === openShiftDns)
  return [...new Set(['kube-system', ...openShift, ...dns.services.map(({ namespace }) => namespace)])]
}

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
