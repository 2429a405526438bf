/** A policy that somebody else writes again and again is left to them for a while, and they are told. */
import type { Clock } from '../cluster/index.ts'
import type { Step } from '../plan/index.ts'

export interface Fights {
  /** Counts a step that only brings back what we had written before. */
  readonly note: (step: Step) => void
  /** For how many milliseconds more this policy is left alone. */
  readonly leftFor: (namespace: string, name: string) => number | undefined
  /** Names of the policies that are left alone in a namespace. */
  readonly leftIn: (namespace: string) => readonly string[]
}

interface Fight {
  /** What we wrote last. */
  text: string
  /** When we had to write the same again. */
  repairs: readonly number[]
  rounds: number
  until: number
}

/** Twice by hand is a mistake, and is repaired at once; more in a minute is a program. */
const mostRepairs = 5
const period = 60_000
const firstRest = 30_000
const longestRest = 600_000

export function createFights(clock: Clock): Fights {
  const fights = new Map<string, Fight>()
  const keyOf = (namespace: string, name: string) => `${namespace}/${name}`
  return {
    note(step) {
      const key = keyOf(step.namespace, step.name)
      if (step.verb === 'delete') {
        fights.delete(key)
        return
      }
      const now = clock.monotonic()
      const text = JSON.stringify(step.policy)
      const before = fights.get(key)
      if (before?.text !== text) {
        fights.set(key, { text, repairs: [], rounds: 0, until: 0 })
        return
      }
      before.repairs = [...before.repairs.filter(at => at > now - period), now]
      if (before.repairs.length < mostRepairs) return
      before.until = now + Math.min(longestRest, firstRest * 2 ** before.rounds)
      before.rounds++
      before.repairs = []
    },
    leftFor(namespace, name) {
      const left = (fights.get(keyOf(namespace, name))?.until ?? 0) - clock.monotonic()
      return left > 0 ? left : undefined
    },
    leftIn(namespace) {
      const now = clock.monotonic()
      const prefix = `${namespace}/`
      return [...fights]
        .filter(([key, { until }]) => until > now && key.startsWith(prefix))
        .map(([key]) => key.slice(prefix.length))
    },
  }
}
