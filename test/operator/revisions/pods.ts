/** The ends of flows: every pod that some state has or may have, and addresses outside. */
import { namespaceNameLabel } from '../../../src/api/annotations.ts'
import type { Labels, NetworkPolicy } from '../../../src/api/kubernetes.ts'
import type { End, PodEnd } from '../../../src/evaluate/index.ts'
import type { Inputs } from './history.ts'

export type NamespaceLabels = (namespace: string) => Labels

/** Of documentation and private ranges. */
export const outside: readonly End[] = ['203.0.113.7', '198.51.100.7', '10.1.2.3'].map(ip => ({ is: 'address', ip }))

/** In no tier: one in each namespace, one in a namespace that nobody speaks of, and DNS. */
export function makeStrangers(namespaces: readonly string[]): readonly PodEnd[] {
  return [
    ...[...namespaces, 'elsewhere'].map(namespace => pod(namespace, 'stranger', { stranger: 'yes' })),
    pod('kube-system', 'kube-dns', { 'k8s-app': 'kube-dns' }),
  ]
}

/** Whom Services and their endpoints stand for: DNS may be anywhere, and so may the API server. */
export function makeServed({ objects }: Inputs): readonly PodEnd[] {
  return [...objects.values()].flatMap(({ entry, namespace, name }) => {
    if (entry.is !== 'service') return []
    const { selector = {} } = entry.object.spec
    return Object.keys(selector).length === 0 ? [] : [pod(namespace, name, selector)]
  })
}

export function readAddresses({ objects }: Inputs): readonly End[] {
  return [...objects.values()].flatMap(({ entry }) =>
    entry.is === 'endpointSlice'
      ? entry.object.endpoints.flatMap(({ addresses }) => addresses.map((ip): End => ({ is: 'address', ip })))
      : [],
  )
}

/** Whom a policy itself names by labels, where nobody else is there whom it could mean. */
export function makeNamed(policies: readonly NetworkPolicy[], known: readonly PodEnd[]): readonly PodEnd[] {
  return policies.flatMap(({ metadata, spec }) => {
    const { ingress = [], egress = [] } = spec
    const peers = [...ingress.flatMap(({ from = [] }) => from), ...egress.flatMap(({ to = [] }) => to)]
    return peers.flatMap(({ podSelector, namespaceSelector }) => {
      const labels = Object.entries(podSelector?.matchLabels ?? {})
      const named = namespaceSelector?.matchLabels?.[namespaceNameLabel]
      const namespace = namespaceSelector === undefined ? (metadata.namespace ?? '') : named
      const isMeant = (end: PodEnd) =>
        end.namespace === namespace && labels.every(([key, value]) => end.labels[key] === value)
      if (namespace === undefined || labels.length === 0 || known.some(isMeant)) return []
      return [pod(namespace, 'named', Object.fromEntries(labels))]
    })
  })
}

function pod(namespace: string, name: string, labels: Labels): PodEnd {
  return { is: 'pod', namespace, name, labels, namespaceLabels: {}, ips: [], hostNetwork: false, ports: [] }
}

/** Pods of one make are one, whichever state they come from. */
export function uniqueEnds<T extends End>(ends: readonly T[]): readonly T[] {
  return [...new Map(ends.map(end => [JSON.stringify({ ...end, namespaceLabels: {} }), end])).values()]
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
