/**
 * Names that a policy left a moment ago. A network plugin that hears of a deletion and a creation under one name at once may
 * take the two for one change, and go on enforcing what was deleted: see docs/cni.md.
 */
import { writeName } from '../api/source.ts'
import type { Clock } from '../cluster/index.ts'

export interface Named {
  readonly namespace: string
  readonly name: string
}

export interface Vacated {
  /** A policy of this name was deleted. */
  readonly note: (policy: Named) => void
  /** Until a policy of this name may be created; at once where none was deleted. */
  readonly rest: (policy: Named) => Promise<void> | undefined
}

/** Milliseconds: longer than a plugin is usually behind, and well below the second in which a policy is to be repaired. */
const restTime = 300

export function createVacated(clock: Pick<Clock, 'monotonic' | 'after'>): Vacated {
  /** When, by `namespace/name`: the oldest come first. */
  const since = new Map<string, number>()
  const forgetOld = (now: number) => {
    for (const [key, at] of since) {
      if (now - at < restTime) return
      since.delete(key)
    }
  }
  return {
    note(policy) {
      const now = clock.monotonic()
      forgetOld(now)
      since.delete(writeName(policy))
      since.set(writeName(policy), now)
    },
    rest(policy) {
      const left = (since.get(writeName(policy)) ?? Number.NEGATIVE_INFINITY) + restTime - clock.monotonic()
      return left > 0 ? new Promise(resolve => clock.after(left, resolve)) : undefined
    },
  }
}
