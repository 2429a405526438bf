/** Every resource that Tierwall asks an API server for, and what it does with it: the watches and the rights come from this list. */
import type { Resource } from '../cluster/resource.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete'

export interface Watched extends Resource {
  readonly kind: string
  /** `namespaces` itself is in no namespace. */
  readonly namespaced: boolean
  /** Watched in the namespaces of the cluster's DNS and API server alone. */
  readonly where?: 'dns' | 'apiserver'
  readonly fieldSelector?: string
  readonly labelSelector?: string
}

const apps = { group: 'apps', version: 'v1', namespaced: true } as const

export const resources = {
  deployments: { ...apps, plural: 'deployments', kind: 'Deployment' },
  statefulSets: { ...apps, plural: 'statefulsets', kind: 'StatefulSet' },
  daemonSets: { ...apps, plural: 'daemonsets', kind: 'DaemonSet' },
  namespaces: { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false },
  networkPolicies: {
    group: 'networking.k8s.io',
    version: 'v1',
    plural: 'networkpolicies',
    kind: 'NetworkPolicy',
    namespaced: true,
  },
  appTiers: { group: 'tierwall.dev', version: 'v1alpha1', plural: 'apptiers', kind: 'AppTier', namespaced: true },
  services: { group: '', version: 'v1', plural: 'services', kind: 'Service', namespaced: true, where: 'dns' },
  dnsSlices: {
    group: 'discovery.k8s.io',
    version: 'v1',
    plural: 'endpointslices',
    kind: 'EndpointSlice',
    namespaced: true,
    where: 'dns',
  },
  apiServerSlices: {
    group: 'discovery.k8s.io',
    version: 'v1',
    plural: 'endpointslices',
    kind: 'EndpointSlice',
    namespaced: true,
    where: 'apiserver',
    labelSelector: 'kubernetes.io/service-name=kubernetes',
  },
} as const satisfies Readonly<Record<string, Watched>>

/** What commands look at as whoever calls them. It is none of the above, so the operator gets no right to it. */
export const pods: Watched = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }
export const definitions: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
}

/** Where it runs unless told otherwise, and as whom. */
export const operator = { account: 'tierwall-operator', lease: 'tierwall-operator' } as const

export interface Right {
  readonly group: string
  /** With the subresource, as RBAC spells it: `apptiers/status`. */
  readonly resource: string
  readonly verbs: readonly Verb[]
  /** In every namespace that is looked after, in those of the cluster's DNS or API server, or in the operator's own. */
  readonly where: 'everywhere' | 'dns' | 'apiserver' | 'operator'
  readonly because: string
}

const watching = Object.values<Watched>(resources).map(
  ({ group, plural, where }): Right => ({
    group,
    resource: plural,
    verbs: ['list', 'watch'],
    where: where ?? 'everywhere',
    because: 'what decisions are made from',
  }),
)

/** What the operator may do, and no more: a test compares it with what the API server was asked for. */
export const rights: readonly Right[] = [
  ...watching,
  {
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    // patch: server-side apply is the way to own what somebody else created, with --adopt.
    verbs: ['create', 'update', 'patch', 'delete'],
    where: 'everywhere',
    because: 'the policies',
  },
  {
    group: 'tierwall.dev',
    resource: 'apptiers/status',
    verbs: ['patch'],
    where: 'everywhere',
    because: 'the conditions of an AppTier',
  },
  {
    group: 'events.k8s.io',
    resource: 'events',
    // list: what was told before a restart is not told again.
    verbs: ['list', 'create', 'patch'],
    where: 'everywhere',
    because: 'Events on the objects that have problems',
  },
  {
    group: 'coordination.k8s.io',
    resource: 'leases',
    verbs: ['get', 'create', 'update'],
    where: 'operator',
    because: 'which of several replicas leads',
  },
]
