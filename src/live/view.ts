/** What is known of a cluster at one moment. */
import type { Configuration } from '../api/configuration.ts'
import type { KubernetesObject } from '../api/kubernetes.ts'
import type { Seen } from './seen.ts'
import type { SeenPolicy } from './seen-policy.ts'

export interface NamespaceView {
  readonly name: string
  /** Nothing as long as the Namespace itself has not been seen: then nothing is written there. */
  readonly self: Seen | undefined
  /** Workloads and AppTiers. */
  readonly objects: readonly Seen[]
  readonly policies: readonly SeenPolicy[]
  /** Namespaces that its tiers name, or whose tiers name it. */
  readonly neighbours: ReadonlySet<string>
}

export interface View {
  readonly namespace: (name: string) => NamespaceView
  /** DNS Services and EndpointSlices, and what else every decision needs. */
  readonly shared: readonly KubernetesObject[]
  /** Not so while their definition is missing or being deleted: then what they asked for is held. */
  readonly servesAppTiers: boolean
  readonly configuration: Configuration
  /** Take over what others wrote under our names, where it is what we would write. */
  readonly adopt: boolean
}
