/** What users do to policies of Tierwall, which it may not have noticed when it writes beside them. */
import type { NetworkPolicy } from '../../../src/api/kubernetes.ts'
import { type Moment, nameOf, type Step } from './history.ts'

export interface Meddling {
  readonly at: number
  readonly namespace: string
  readonly key: string
  /** Nothing where there was none. */
  readonly was: NetworkPolicy | undefined
}

/** By `NAMESPACE/NAME`: what stood there before, or that nothing did. */
export type Unnoticed = ReadonlyMap<string, NetworkPolicy | undefined>

/** Of several on one policy, what stood before the first. */
export function unnoticedOf(meddlings: readonly Meddling[]): Unnoticed {
  return new Map(meddlings.toReversed().map(({ key, was }) => [key, was]))
}

/** Without what users did to policies just before. */
export function withoutMeddling(step: Step, unnoticed: Unnoticed): Step {
  const restore = (moment: Moment): Moment => {
    const others = [...unnoticed].filter(([key]) => key !== nameOf(step))
    const ours = new Map(moment.ours)
    for (const [key, was] of others)
      if (was) ours.set(key, was)
      else ours.delete(key)
    return { ...moment, ours }
  }
  return { ...step, before: restore(step.before), after: restore(step.after) }
}
