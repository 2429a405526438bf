/** A policy that somebody else writes again and again is left to them for a while, and they are told. */
import type { Clock } from '../cluster/index.ts'
import { type Step, sameOnWire } from '../plan/index.ts'
import type { WirePolicy } from '../policy/wire.ts'

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
  readonly policy: WirePolicy
  /** When we had to write the same again. */
  readonly repairs: readonly number[]
  readonly rounds: number
  readonly until: number
}

/** Twice by hand is a mistake, and is repaired at once; more in a minute is a program. */
const mostRepairs = 5
const period = 60_000
const firstRest = 30_000
const longestRest = 600_000

export function createFights(clock: Clock): Fights {
  const byNamespace = new Map<string, Map<string, Fight>>()
  const fightsIn = (namespace: string) => byNamespace.get(namespace) ?? new Map<string, Fight>()
  const leftFor = (namespace: string, name: string) => {
    const left = (fightsIn(namespace).get(name)?.until ?? 0) - clock.monotonic()
    return left > 0 ? left : undefined
  }
  return {
    note(step) {
      const fights = fightsIn(step.namespace)
      if (step.verb === 'delete') fights.delete(step.name)
      else fights.set(step.name, after(fights.get(step.name), step.policy, clock.monotonic()))
      if (fights.size === 0) byNamespace.delete(step.namespace)
      else byNamespace.set(step.namespace, fights)
    },
    leftFor,
    leftIn: namespace => [...fightsIn(namespace).keys()].filter(name => leftFor(namespace, name) !== undefined),
  }
}

function after(before: Fight | undefined, policy: WirePolicy, now: number): Fight {
  if (!before || !sameOnWire(before.policy, policy)) return { policy, repairs: [], rounds: 0, until: 0 }
  const repairs = [...before.repairs.filter(at => at > now - period), now]
  if (repairs.length < mostRepairs) return { ...before, repairs }
  const rest = Math.min(longestRest, firstRest * 2 ** before.rounds)
  return { policy, repairs: [], rounds: before.rounds + 1, until: now + rest }
}
