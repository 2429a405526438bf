/** Edits as plain values that can be printed and played again. */

import type { At } from './hands.ts'

/** A workload's or a namespace's place, not its name: each run has namespaces of its own. */
export interface Slot {
  readonly space: number
  readonly workload: number
}

/** Annotations without their prefix. Peers name the namespaces as @0, @1. */
export type Said = Readonly<Record<string, string>>

export type Edit =
  | { readonly is: 'say'; readonly slot: Slot; readonly said: Said }
  /** The words of another: what the one may do and what is asked of others change in one edit. */
  | { readonly is: 'become'; readonly slot: Slot; readonly like: Slot }
  /** The client's word and the server's, on two workloads. */
  | {
      readonly is: 'consent'
      readonly client: Slot
      readonly server: Slot
      readonly sides: 'both' | 'client' | 'server'
    }
  | {
      readonly is: 'make anew'
      readonly slot: Slot
      readonly shape: number
      readonly said: Said
      readonly pause: number
    }
  | { readonly is: 'remove'; readonly slot: Slot }
  | { readonly is: 'tier'; readonly space: number; readonly name: string; readonly spec: object | undefined }
  | { readonly is: 'isolate'; readonly space: number; readonly mode: string | undefined }
  | { readonly is: 'label'; readonly space: number; readonly project: string | undefined }
  | { readonly is: 'foreign'; readonly space: number; readonly name: string; readonly spec: object | undefined }
  /** Any object; its text names the namespaces as @0, @1 as well. */
  | { readonly is: 'put'; readonly object: object }
  | { readonly is: 'take away'; readonly at: At }
  | { readonly is: 'configure'; readonly configuration: object }
  | { readonly is: 'by hand'; readonly space: number; readonly pick: number; readonly how: ByHandHow }

export type ByHandHow = 'opened' | 'narrowed' | 'relabelled' | 'deleted'

/** The leader does, after so many writes from the burst's begin on. */
export interface Fall {
  readonly after: number
  readonly how: 'dies' | 'freezes'
}

export interface Burst {
  readonly edits: readonly { readonly edit: Edit; readonly pause: number }[]
  readonly falls: Fall | undefined
  /** Until then the next burst waits. */
  readonly settles: boolean
}

export interface Sequence {
  readonly start: readonly Edit[]
  readonly bursts: readonly Burst[]
}

export const spaces = 2
export const workloads = 5
