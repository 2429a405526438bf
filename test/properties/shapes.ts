/** A world as plain values: what its people meant, before it is written as annotations and AppTiers. */
export const protocols = ['TCP', 'UDP', 'SCTP'] as const
export type Protocol = (typeof protocols)[number]
export type Labels = Readonly<Record<string, string>>

export type Port =
  | { readonly first: number; readonly last: number; readonly protocol: Protocol }
  | { readonly name: string; readonly protocol: Protocol }

export interface Selector {
  readonly matchLabels?: Labels
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
    readonly values?: readonly string[]
  }[]
}

/** The unnamed app is the empty text; an absent app is the speaker's own. */
export type Peer =
  | { readonly kind: 'tier'; readonly tier: string; readonly app?: string; readonly namespace?: string }
  | { readonly kind: 'app'; readonly app: string; readonly namespace?: string }
  | { readonly kind: 'podsOf'; readonly namespace: string }
  | { readonly kind: 'cidr'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: 'pods'; readonly podSelector?: Selector; readonly namespaceSelector?: Selector }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'anywhere' | 'cluster' | 'namespace' | 'internet' | 'kube-apiserver' }

export interface Entry {
  readonly peer: Peer
  readonly ports?: readonly Port[]
}

/** An absent field was not said; an empty list was said: none. */
export interface Fields {
  ports?: readonly Port[]
  from?: readonly Entry[]
  to?: readonly Entry[]
}

export interface ContainerPort {
  readonly name: string
  readonly containerPort: number
  readonly protocol: Protocol
}

export interface Namespace {
  readonly name: string
  readonly labels: Labels
  readonly isolation: 'enforce' | 'audit' | 'off' | undefined
  /** Without labels and isolation, a namespace need not stand in the input. */
  readonly written: boolean
}

export interface Workload {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  readonly namespace: string
  readonly name: string
  readonly selector: Selector
  readonly podLabels: Labels
  readonly containerPorts: readonly ContainerPort[]
  readonly hostNetwork: boolean
  readonly tier: { readonly app: string; readonly name: string } | undefined
  readonly appBy: 'annotation' | 'label'
  /** An AppTier's selector speaks for it, so it says nothing itself. */
  readonly covered: boolean
  fields: Fields
}

export interface AppTier {
  readonly namespace: string
  readonly name: string
  readonly app: string
  readonly appBy: 'spec' | 'label'
  readonly tier: string
  readonly selector: Selector | undefined
  fields: Fields
}

export interface Pod {
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
  readonly ips: readonly string[]
  readonly hostNetwork: boolean
  readonly ports: readonly ContainerPort[]
  /** Its own object stands in the input. */
  readonly written: boolean
}

export interface Address {
  readonly ip: string
}
export type End = Pod | Address

export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** How DNS runs: who answers, and on which ports. */
export interface Dns {
  readonly objects: readonly object[]
  readonly configuration: object
  readonly pods: readonly Pod[]
  readonly answers: readonly {
    readonly pods?: { readonly namespace: string; readonly labels: Labels }
    readonly ip?: string
    readonly ports: readonly Port[]
    /** The design does not say whether these are open. */
    readonly isFree?: boolean
  }[]
}

export interface World {
  readonly namespaces: readonly Namespace[]
  readonly workloads: readonly Workload[]
  readonly appTiers: readonly AppTier[]
  readonly pods: readonly Pod[]
  readonly dns: Dns
  readonly apiserver: { readonly by: 'slice' | 'configuration'; readonly endpoints: readonly Endpoint[] } | undefined
  readonly isolation: 'enforce' | 'audit' | 'off'
  readonly clusterRanges: readonly string[]
  readonly named: Readonly<Record<string, readonly Peer[]>>
  readonly baseline: { readonly from: readonly Entry[]; readonly to: readonly Entry[] }
}
