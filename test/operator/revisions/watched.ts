/** The resources whose revisions are recorded, and of each a harmless object whose creation every watch must get to see. */
import type { Resource } from '../../../src/cluster/index.ts'

export interface WatchedKind {
  readonly kind: string
  readonly resource: Resource
  /** In these namespaces alone: elsewhere it decides nothing and there is much of it. */
  readonly onlyIn?: readonly string[]
  /** Its definition may be taken away and made anew. */
  readonly comesAndGoes?: true
  /** What goes into the marker beside its name; nothing for Namespace, which is its own marker. */
  readonly marker?: object
}

const apps = { group: 'apps', version: 'v1' }
const labels = { marker: 'recorder' }
const template = { metadata: { labels }, spec: { containers: [{ name: 'none', image: 'none' }] } }
const selector = { matchLabels: labels }

/** Of DNS and the API server. */
const homes = ['kube-system', 'openshift-dns', 'default']

export const watchedKinds: readonly WatchedKind[] = [
  {
    kind: 'Deployment',
    resource: { ...apps, plural: 'deployments' },
    marker: { spec: { replicas: 0, selector, template } },
  },
  {
    kind: 'StatefulSet',
    resource: { ...apps, plural: 'statefulsets' },
    marker: { spec: { replicas: 0, serviceName: 'none', selector, template } },
  },
  { kind: 'DaemonSet', resource: { ...apps, plural: 'daemonsets' }, marker: { spec: { selector, template } } },
  { kind: 'Namespace', resource: { group: '', version: 'v1', plural: 'namespaces' } },
  {
    kind: 'NetworkPolicy',
    resource: { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies' },
    marker: { spec: { podSelector: selector } },
  },
  {
    kind: 'AppTier',
    resource: { group: 'tierwall.dev', version: 'v1alpha1', plural: 'apptiers' },
    comesAndGoes: true,
    marker: { spec: { tier: 'marker' } },
  },
  {
    kind: 'Service',
    resource: { group: '', version: 'v1', plural: 'services' },
    onlyIn: homes,
    marker: { spec: { clusterIP: 'None', ports: [{ port: 53 }] } },
  },
  {
    kind: 'EndpointSlice',
    resource: { group: 'discovery.k8s.io', version: 'v1', plural: 'endpointslices' },
    onlyIn: homes,
    marker: { addressType: 'IPv4', endpoints: [] },
  },
]

export function apiVersionOf({ group, version }: Resource): string {
  return group === '' ? version : `${group}/${version}`
}
