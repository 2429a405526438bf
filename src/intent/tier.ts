/** What one tier wants: its members (each becomes one policy), their ports and peers, and who said so. */
import type { ContainerPort, LabelSelector, Labels } from '../api/kubernetes.ts'
import type { Peer } from '../api/peers.ts'
import type { Port } from '../api/ports.ts'
import type { Said } from '../api/said.ts'
import type { ObjectRef, Source } from '../api/source.ts'

export interface TierKey {
  readonly namespace: string
  /** The empty text is the namespace's one unnamed app. */
  readonly app: string
  readonly tier: string
}

export interface PeerEntry {
  readonly peer: Peer
  readonly ports?: readonly [Port, ...Port[]]
  readonly because: Source
  readonly origin: 'written' | 'preset' | 'baseline'
}

/** A field's value and who said it; nobody has to have said it. A broken field has problems instead of a value. */
export type Field<T> =
  | { readonly is: 'said'; readonly value: T; readonly because: Source }
  | { readonly is: 'unsaid'; readonly value: T }
  | { readonly is: 'broken' }

export interface Member {
  /** The workload or AppTier whose pods these are. */
  readonly ref: ObjectRef
  readonly key: TierKey
  readonly because: Source
  readonly selector: LabelSelector
  /** The pods as they are made now, where that is known: one entry for each workload. */
  readonly templates: readonly Template[]
  readonly ports: Field<readonly Port[]>
  readonly from: Field<readonly PeerEntry[]>
  readonly to: Field<readonly PeerEntry[]>
  /** The words of every object that had a part in this. */
  readonly said: readonly Said[]
  /** A member that is not sound gets no new policy: it keeps its last good one. */
  readonly sound: boolean
}

export interface Template {
  readonly workload: ObjectRef
  readonly labels: Labels
  readonly hostNetwork: boolean
  readonly ports: readonly ContainerPort[]
}

export interface Tier {
  readonly key: TierKey
  readonly members: readonly Member[]
}

export function writeKey({ namespace, app, tier }: TierKey): string {
  return `${namespace}/${app}/${tier}`
}

/** `shop/web` in messages about one namespace: the app only where there is one. */
export function writeTier({ app, tier }: Pick<TierKey, 'app' | 'tier'>): string {
  return app === '' ? tier : `${app}/${tier}`
}
