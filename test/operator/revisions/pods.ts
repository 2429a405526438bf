/** The ends of flows: every pod that some state has or may have, and addresses outside. */
import { namespaceNameLabel } from '../../../src/api/annotations.ts'
import type { Labels } from '../../../src/api/kubernetes.ts'
import type { End, PodEnd } from '../../../src/evaluate/index.ts'

export type NamespaceLabels = (namespace: string) => Labels

/** Of documentation and private ranges. */
export const outside: readonly End[] = ['203.0.113.7', '198.51.100.7', '10.1.2.3'].map(ip => ({ is: 'address', ip }))

/** In no tier: one in each namespace, one in a namespace that nobody speaks of, and DNS. */
export function makeStrangers(namespaces: readonly string[]): readonly PodEnd[] {
  const pod = (namespace: string, name: string, labels: Labels): PodEnd => {
    return { is: 'pod', namespace, name, labels, namespaceLabels: {}, ips: [], hostNetwork: false, ports: [] }
  }
  return [
    ...[...namespaces, 'elsewhere'].map(namespace => pod(namespace, 'stranger', { stranger: 'yes' })),
    pod('kube-system', 'kube-dns', { 'k8s-app': 'kube-dns' }),
  ]
}

/** Pods of one make are one, whichever state they come from. */
export function uniquePods(pods: readonly PodEnd[]): readonly PodEnd[] {
  return [...new Map(pods.map(pod => [JSON.stringify({ ...pod, namespaceLabels: {} }), pod])).values()]
}

/** A pod as policies see it at one moment: its namespace's labels change without it. */
export function placePods(labelsOf: NamespaceLabels): (end: End) => End {
  const placed = new Map<End, End>()
  return end => {
    if (end.is === 'address') return end
    const known = placed.get(end) ?? { ...end, namespaceLabels: labelsIn(end.namespace, labelsOf) }
    placed.set(end, known)
    return known
  }
}

function labelsIn(namespace: string, labelsOf: NamespaceLabels): Labels {
  return { ...labelsOf(namespace), [namespaceNameLabel]: namespace }
}

export function writeEnd(end: End): string {
  if (end.is === 'address') return end.ip
  const labels = Object.entries(end.labels).map(([key, value]) => `${key}=${value}`)
  return `${end.namespace}/${end.name} (${labels.join(',')})`
}
