/** What was found in a cluster, as plain values: the checks judge these and nothing else. */
import type { Configuration } from '../api/configuration.ts'
import type { KubernetesObject } from '../api/kubernetes.ts'
import type { Problem } from '../api/problem.ts'
import type { Right, Verb } from '../live/resources.ts'
import type { ReadPolicy } from '../live/seen-policy.ts'
import type { Probed } from './probe/probed.ts'
import type { Remains } from './remains.ts'

/** What was to be seen, or why it was not: `needs the right to list nodes`. */
export type Look<T> = { readonly seen: T } | { readonly unseen: string }

export interface Facts {
  /** Of this program. */
  readonly tierwall: string
  /** Milliseconds since 1970, by the API server's clock where it said so. */
  readonly now: number
  /** The one namespace that was looked at; nothing for all of them. */
  readonly namespace: string | undefined
  /** As the API server spells it: `v1.31.2+k3s1`. */
  readonly version: Look<string>
  /** Names of the API groups that are served. */
  readonly groups: Look<readonly string[]>
  readonly servesPolicies: Look<boolean>
  readonly agents: Look<readonly Agent[]>
  /** The first five hundred. */
  readonly nodes: Look<readonly Node[]>
  /** ConfigMaps of network plugins, by `namespace/name`. */
  readonly settings: ReadonlyMap<string, Look<Settings | undefined>>
  readonly namespaces: Look<readonly KubernetesObject[]>
  /** Services, EndpointSlices and workloads of the namespaces where DNS may be. */
  readonly dns: Look<readonly KubernetesObject[]>
  readonly policies: Look<readonly ReadPolicy[]>
  readonly definition: Look<Definition | undefined>
  readonly admission: Look<Admission | undefined>
  readonly lease: Look<Lease | undefined>
  readonly remains: readonly Remains[]
  readonly ownRights: Look<readonly AskedRight[]>
  readonly operatorRights: Look<readonly AskedRight[]>
  readonly configured: Look<Configured>
  /** What pods proved, where they were asked for. */
  readonly probed?: Probed
}

/** A DaemonSet: what network plugins run as. */
export interface Agent {
  readonly namespace: string
  readonly name: string
  readonly containers: readonly Container[]
  /** Nodes that it is to run on, and those where it is ready; nothing before its controller has looked at it. */
  readonly wanted: number | undefined
  readonly ready: number | undefined
}

export interface Container {
  readonly name: string
  readonly image: string
  /** Command and arguments. */
  readonly words: readonly string[]
  readonly env: Settings
}

export type Settings = Readonly<Record<string, string>>

export interface Node {
  readonly name: string
  /** Of its kubelet. */
  readonly version: string
  readonly labels: Settings
  readonly annotations: Settings
  readonly addresses: readonly string[]
  /** Where the addresses of its pods come from, as far as Kubernetes gave them out. */
  readonly podRanges: readonly string[]
}

/** What the cluster knows of AppTier. */
export interface Definition {
  readonly established: boolean
  readonly spec: unknown
}

/** Names of admission policies, and of those that a binding puts into force. */
export interface Admission {
  readonly policies: readonly string[]
  readonly bound: readonly string[]
}

export interface Lease {
  /** Empty where nobody holds it. */
  readonly holder: string
  /** Milliseconds since 1970. */
  readonly renewed: number | undefined
  /** Milliseconds. */
  readonly lasts: number
}

export interface AskedRight {
  readonly right: Right
  readonly verb: Verb
  /** Nothing for all of them. */
  readonly namespace: string | undefined
  readonly allowed: boolean
}

/** The configuration that the operator goes by. */
export interface Configured {
  /** `tierwall.yaml`, or `ConfigMap tierwall-system/tierwall-config`; nothing for the defaults. */
  readonly from: string | undefined
  readonly configuration: Configuration
  readonly problems: readonly Problem[]
}
