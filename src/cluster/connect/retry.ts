/** Whether a failed request is sent again, and when. */
import { type Backoff, delayAfter } from '../backoff.ts'
import type { Failure } from '../failure.ts'
import type { Random } from '../given.ts'
import type { Sent } from './exchange.ts'

export const mostAttempts = 4
/** Who is asked to wait for longer than this hands the failure to the caller, who has better things to do. */
export const longestWait = 15_000
const backoff: Backoff = { first: 200, most: 5_000 }

/** What may be sent again when nobody knows whether the server acted: twice is the same as once. */
const idempotent: Readonly<Record<Sent['method'], boolean>> = {
  GET: true,
  PUT: true,
  DELETE: true,
  POST: false,
  PATCH: false,
}

/** Milliseconds to wait, or nothing where the failure stands. */
export function waitBeforeRetry(
  failure: Failure,
  method: Sent['method'],
  attempts: number,
  random: Random,
): number | undefined {
  if (!mayRetry(failure, method)) return undefined
  const jittered = delayAfter(attempts, backoff, random)
  const asked = failure.kind === 'status' ? failure.retryAfter : undefined
  // Added, since the server asks everybody to wait equally long.
  const wait = asked === undefined ? jittered : asked + jittered / 2
  return wait > longestWait ? undefined : wait
}

function mayRetry(failure: Failure, method: Sent['method']): boolean {
  if (failure.kind === 'network' || failure.kind === 'timeout') return idempotent[method]
  if (failure.kind !== 'status') return false
  // 429 is said before anything is done.
  return failure.code === 429 || (failure.code >= 500 && failure.code !== 501 && idempotent[method])
}
