/**
 * How long deciding rests before it goes on. What is decided together costs little more than one of it, so whoever hears of a
 * thousand changes a second does well to gather some of them; whoever hears of one now and then decides it at once.
 */
import type { Clock } from '../cluster/index.ts'

/** Deciding took so many milliseconds; how many it rests now. */
export type Rest = (took: number) => number

/** A large batch rests for so many times of what it took: deciding gets at most a third of the time, however much there is. */
const factor = 2

/** Small ones may take this share of the time, and so many milliseconds at once before they rest for it. */
const share = 1 / 10
const atOnce = 10

/** A rest for the sake of others is never longer, nor is more than that owed: what comes after a burst does not pay for it. */
const longest = 50
const owed = longest * share

export function createPace(clock: Pick<Clock, 'monotonic'>): Rest {
  let left = atOnce
  let since = clock.monotonic()
  return took => {
    const now = clock.monotonic()
    left = Math.max(Math.min(left + (now - since) * share, atOnce) - took, -owed)
    since = now
    return Math.max(took * factor, -left / share)
  }
}
