/** What the parts of this folder are given instead of reaching for it: time, chance and a log. */

export interface Clock {
  /** Milliseconds since 1970, for what people and the API server read. */
  now(): number
  /** Milliseconds that never jump back, for deadlines. */
  monotonic(): number
  /** Runs once, not before `ms` have passed. What it returns cancels it. */
  after(ms: number, run: () => void): () => void
}

/** From 0 up to but not including 1. */
export type Random = () => number

/** What pino's logger can do; fields never hold credentials. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface Given {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run) => {
    // Node's timers may be a fraction of a millisecond early, and know nothing longer than this.
    const timer = setTimeout(run, Math.min(Math.ceil(ms) + 1, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  },
}

/** Ends early, without complaint, when the signal says so. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const end = () => {
      cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(ms, end)
    signal?.addEventListener('abort', end)
  })
}
