/** What people write, short. */
import type { Json } from './cluster.ts'

export function namespace(name: string, annotations: Readonly<Record<string, string>> = {}, labels = {}): Json {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations: ours(annotations), labels } }
}

export interface WorkloadText {
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  readonly labels?: Readonly<Record<string, string>>
  readonly selector?: Readonly<Record<string, string>>
}

/** The annotations' keys without the prefix. */
export function workload(
  namespace: string,
  name: string,
  annotations: Readonly<Record<string, string>>,
  { kind = 'Deployment', labels = {}, selector = { app: name } }: WorkloadText = {},
): Json {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels, annotations: ours(annotations) },
    spec: {
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: selector },
        spec: { containers: [{ name: 'main', image: 'example.com/none:1' }] },
      },
    },
  }
}

export function appTier(namespace: string, name: string, spec: object = {}, labels = {}): Json {
  return { apiVersion: 'tierwall.dev/v1alpha1', kind: 'AppTier', metadata: { name, namespace, labels }, spec }
}

export function networkPolicy(namespace: string, name: string, spec: object): Json {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec }
}

function ours(annotations: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`tierwall.dev/${key}`, value]))
}
