/** Waits for what was promised, but neither for ever nor beyond the end of the demo. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface Patience {
  /** How long each promise may take to come true. */
  readonly ms: number
  readonly signal: AbortSignal
}

const pause = 50
/** For an answer that was under way when the time was over. */
const grace = 2_000

/** `complain` says what is not so yet, and nothing once it is. */
export async function expectSoon(complain: () => Promise<string | undefined>, { ms, signal }: Patience): Promise<void> {
  const deadline = performance.now() + ms
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ms + grace)])
  for (;;) {
    const complaint = await orAborted(complain(), limit)
    if (complaint === undefined) return
    if (performance.now() > deadline) throw new Error(`after ${ms / 1000} s ${complaint}`)
    await orAborted(sleep(pause), limit)
  }
}

/** Rejects with the signal's reason where that comes first. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort))
}
