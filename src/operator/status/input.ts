/** All that the status of one AppTier is made from. */
import type { Problem } from '../../api/problem.ts'
import type { Decision } from '../../engine.ts'
import type { AppTierStatus } from './condition.ts'

export interface StatusInput {
  readonly appTier: {
    readonly metadata: {
      readonly namespace?: string | undefined
      readonly name: string
      readonly generation?: number | undefined
    }
  }
  /** As it is in force: with what was last good in the place of what is broken. */
  readonly decision: Decision
  /** With what is wrong with what stands there now. */
  readonly problems: readonly Problem[]
  /** NetworkPolicies of our names that are somebody else's, or fought over. */
  readonly conflicts: readonly Conflict[]
  /** Its last good words are in force instead of what it says now. */
  readonly kept: boolean
  /** Writes in its namespace that the API server refused. */
  readonly failures: readonly { readonly policy: string; readonly message: string }[]
  /** All writes of its namespace have landed. */
  readonly settled: boolean
  readonly previous: AppTierStatus | undefined
  readonly now: number
}

export interface Conflict {
  readonly namespace: string
  readonly name: string
  /** A sentence that names the policy, and what to do. */
  readonly because: string
}
