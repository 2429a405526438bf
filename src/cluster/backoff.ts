/** How long to wait after so many failures in a row. */
import type { Random } from './given.ts'

export interface Backoff {
  readonly first: number
  readonly most: number
}

/** Doubles up to `most`. Half of it is chance, so that those who failed together do not come back together. */
export function delayAfter(failures: number, { first, most }: Backoff, random: Random): number {
  const whole = Math.min(most, first * 2 ** Math.max(0, failures - 1))
  return whole / 2 + (whole / 2) * random()
}
