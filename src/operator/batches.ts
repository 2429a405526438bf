/**
 * One after the other: the namespaces that wait are taken together, since what shuts in one must have shut before what
 * opens in another. Those that come meanwhile are the next batch.
 */
import type { Outcome } from '../cluster/index.ts'

export interface Batches {
  /** Answers when the batch that it was in is done. */
  readonly join: (namespace: string) => Promise<Outcome>
  /** Once none is under way. */
  readonly idle: () => Promise<void>
}

export type RunBatch = (namespaces: readonly string[]) => Promise<ReadonlyMap<string, Outcome>>

interface Waiter {
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

export function createBatches(run: RunBatch, pause: () => Promise<void>): Batches {
  const waiting = new Map<string, Waiter[]>()
  let current: Promise<void> | undefined

  const runAll = async () => {
    while (waiting.size > 0) {
      await pause()
      const batch = new Map(waiting)
      waiting.clear()
      try {
        const outcomes = await run([...batch.keys()].sort())
        for (const [namespace, waiters] of batch)
          for (const { resolve } of waiters) resolve(outcomes.get(namespace) ?? { is: 'done' })
      } catch (error) {
        for (const waiters of batch.values()) for (const { reject } of waiters) reject(error)
      }
    }
    current = undefined
  }

  return {
    join: namespace =>
      new Promise((resolve, reject) => {
        waiting.set(namespace, [...(waiting.get(namespace) ?? []), { resolve, reject }])
        current ??= runAll()
      }),
    idle: async () => {
      await current
    },
  }
}
