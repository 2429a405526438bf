/**
 * The namespaces that wait are taken together, since what shuts in one must have shut before what opens in another. So
 * the next batch does not begin before all of this one has closed; then it may, while this one still opens.
 */
import type { Clock, Outcome } from '../cluster/index.ts'
import { createPace } from './pace.ts'

export interface Batches {
  /** Answers when the batch that it was in is done. */
  readonly join: (namespace: string) => Promise<Outcome>
  /** Once none is under way. */
  readonly idle: () => Promise<void>
}

/** `onClosed` at the latest when it ends. */
export type RunBatch = (namespaces: readonly string[], onClosed: () => void) => Promise<ReadonlyMap<string, Outcome>>

interface Waiter {
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

type Batch = ReadonlyMap<string, readonly Waiter[]>

/** While so many are under way, others gather: larger batches cost less. */
const mostUnderWay = 3

export interface BatchesOptions {
  readonly clock: Pick<Clock, 'after' | 'monotonic'>
  readonly run: RunBatch
}

export function createBatches({ clock, run }: BatchesOptions): Batches {
  let waiting = new Map<string, Waiter[]>()
  const underWay = new Set<Promise<void>>()
  let closing = false
  let planned = false
  const restAfter = createPace(clock)
  /** Monotonic. */
  let notBefore = 0

  const startNext = () => {
    planned = false
    if (closing || waiting.size === 0 || underWay.size >= mostUnderWay) return
    const batch = waiting
    waiting = new Map()
    closing = true
    const running: Promise<void> = runOne(batch).finally(() => {
      underWay.delete(running)
      planNext()
    })
    underWay.add(running)
  }
  /** What comes in the same moment belongs together. */
  const planNext = () => {
    if (planned) return
    planned = true
    const left = notBefore - clock.monotonic()
    if (left > 0) clock.after(left, startNext)
    else setImmediate(startNext)
  }
  const runOne = async (batch: Batch) => {
    let closed = false
    const onClosed = () => {
      if (closed) return
      closed = true
      closing = false
      planNext()
    }
    try {
      const since = clock.monotonic()
      const outcome = run([...batch.keys()].sort(), onClosed)
      const now = clock.monotonic()
      notBefore = now + restAfter(now - since)
      const outcomes = await outcome
      for (const [namespace, waiters] of batch)
        for (const { resolve } of waiters) resolve(outcomes.get(namespace) ?? { is: 'done' })
    } catch (error) {
      for (const waiters of batch.values()) for (const { reject } of waiters) reject(error)
    } finally {
      onClosed()
    }
  }

  return {
    join: namespace =>
      new Promise((resolve, reject) => {
        waiting.set(namespace, [...(waiting.get(namespace) ?? []), { resolve, reject }])
        planNext()
      }),
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
