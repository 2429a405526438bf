/** What a plan is made from: in each namespace, the policies that are ours and those that are desired. */
import type { WirePolicy } from '../policy/wire.ts'
import type { SpecLike } from './grants.ts'

export interface LivePolicy {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: SpecLike
}

export interface NamespaceState {
  readonly namespace: string
  /** The policies there that are ours. */
  readonly live: readonly LivePolicy[]
  /** All other policies there: nobody's to touch, but they isolate and allow as well. */
  readonly foreign: readonly SpecLike[]
  /** Tiers, allow-dns, default-deny, in this order; empty where the namespace is to be left alone. */
  readonly desired: readonly WirePolicy[]
}
