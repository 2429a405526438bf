/** What a check says: a verdict, what was found, what that means, and what to do. */
import type { Facts } from './facts.ts'

export type Verdict = 'ok' | 'warn' | 'fail'

export interface Remark {
  readonly verdict: Verdict
  readonly what: string
  readonly why?: string
  readonly fix?: string
}

export interface Finding extends Remark {
  readonly check: string
}

export interface Check {
  /** What it looks at, as a person calls it. */
  readonly name: string
  readonly judge: (facts: Facts) => readonly Remark[]
}

export const fine = (what: string): Remark => ({ verdict: 'ok', what })
export const doubt = (what: string, why: string, fix: string): Remark => ({ verdict: 'warn', what, why, fix })
export const failure = (what: string, why: string, fix: string): Remark => ({ verdict: 'fail', what, why, fix })

/** A check that was not made says so: it is neither good nor bad. */
export const couldNotLook = (unseen: string): Remark => ({ verdict: 'warn', what: `could not look: ${unseen}` })
