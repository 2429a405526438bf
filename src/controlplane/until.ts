/** Asking again and again until something is so. */
import { setTimeout as sleep } from 'node:timers/promises'

/** A busy machine takes ten times as long as an idle one, not twenty. */
const longest = 60_000
const pause = 25

/** `what` completes the sentence "after 60 s there is still no …". */
export async function until(what: string, isSo: () => Promise<boolean>, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted()
  const deadline = performance.now() + longest
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  aborted.catch(() => undefined)
  // An answer may be long in coming, or never come.
  while (!(await Promise.race([isSo(), aborted]))) {
    if (performance.now() > deadline) throw new Error(`after ${longest / 1000} s there is still no ${what}`)
    await sleep(pause)
  }
}
