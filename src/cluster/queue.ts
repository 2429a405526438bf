/** A queue of keys: each runs until it succeeds, never twice at the same time, and none is ever lost. p-queue runs them. */
import PQueue from 'p-queue'
import { type Backoff, delayAfter } from './backoff.ts'
import { messageOf } from './failure.ts'
import type { Given } from './given.ts'

/** `again` comes back after so many milliseconds without having failed. */
export type Outcome =
  | { readonly is: 'done' }
  | { readonly is: 'failed' }
  | { readonly is: 'again'; readonly after: number }

export interface QueueOptions extends Given {
  readonly run: (key: string) => Promise<Outcome>
  readonly concurrency: number
  readonly backoff?: Backoff
  /** Takes keys, but runs none until `start`. */
  readonly paused?: boolean
  /** For metrics: seconds from when the key was added, and seconds of the run. */
  readonly onRun?: (run: {
    readonly key: string
    readonly waited: number
    readonly ran: number
    readonly is: string
  }) => void
}

export interface Figures {
  readonly waiting: number
  readonly running: number
  /** To come later, failures among them. */
  readonly delayed: number
  readonly failing: number
  /** Seconds that the longest of them has waited, or run. */
  readonly longestWait: number
  readonly longestRun: number
}

export interface Queue {
  /** Runs the key soon; where it runs now, once more after that. */
  readonly add: (key: string) => void
  /** Runs the key once so much time has passed. Of two such wishes the earlier counts. */
  readonly addAfter: (key: string, ms: number) => void
  readonly figures: () => Figures
  /** Nothing waits, runs or keeps failing. Cheap, where `figures` looks at each. */
  readonly settled: () => boolean
  readonly start: () => void
  /** Starts no more runs, and answers once those under way have ended. */
  readonly stop: () => Promise<void>
  /** Once nothing waits or runs; what is delayed does not count. */
  readonly idle: () => Promise<void>
}

const ordinaryBackoff: Backoff = { first: 500, most: 120_000 }

export function createQueue(options: QueueOptions): Queue {
  return new KeyedQueue(options)
}

type Place =
  | { readonly is: 'waiting'; readonly since: number }
  /** `dirtySince` where the key was added again meanwhile. */
  | { readonly is: 'running'; readonly since: number; readonly dirtySince: number | undefined }

interface Delay {
  readonly due: number
  readonly cancel: () => void
}

class KeyedQueue implements Queue {
  readonly #options: QueueOptions
  readonly #runner: PQueue
  readonly #places = new Map<string, Place>()
  readonly #delays = new Map<string, Delay>()
  readonly #failures = new Map<string, number>()
  #stopped = false

  constructor(options: QueueOptions) {
    this.#options = options
    this.#runner = new PQueue({ concurrency: options.concurrency, autoStart: options.paused !== true })
  }

  add = (key: string): void => {
    if (this.#stopped) return
    const now = this.#options.clock.monotonic()
    const place = this.#places.get(key)
    if (place === undefined) this.#enqueue(key, now)
    else if (place.is === 'running') this.#places.set(key, { ...place, dirtySince: place.dirtySince ?? now })
  }

  addAfter = (key: string, ms: number): void => {
    if (this.#stopped) return
    const { clock } = this.#options
    const due = clock.monotonic() + ms
    const planned = this.#delays.get(key)
    if (planned !== undefined && planned.due <= due) return
    planned?.cancel()
    const cancel = clock.after(ms, () => {
      this.#delays.delete(key)
      this.add(key)
    })
    this.#delays.set(key, { due, cancel })
  }

  figures = (): Figures => {
    const now = this.#options.clock.monotonic()
    const places = [...this.#places.values()]
    const waiting = places.flatMap(place => (place.is === 'waiting' ? [place.since] : (place.dirtySince ?? [])))
    const running = places.flatMap(place => (place.is === 'running' ? [place.since] : []))
    const longest = (since: readonly number[]) => since.reduce((most, start) => Math.max(most, now - start), 0) / 1_000
    return {
      waiting: waiting.length,
      running: running.length,
      delayed: this.#delays.size,
      failing: this.#failures.size,
      longestWait: longest(waiting),
      longestRun: longest(running),
    }
  }

  settled = (): boolean => this.#places.size === 0 && this.#failures.size === 0

  start = (): void => {
    if (!this.#stopped) this.#runner.start()
  }

  stop = async (): Promise<void> => {
    this.#stopped = true
    this.#runner.clear()
    for (const { cancel } of this.#delays.values()) cancel()
    this.#delays.clear()
    await this.#runner.onPendingZero()
  }

  idle = (): Promise<void> => this.#runner.onIdle()

  #enqueue(key: string, since: number): void {
    this.#places.set(key, { is: 'waiting', since })
    this.#runner.add(() => this.#run(key, since)).catch(error => this.#logMistake(key, error))
  }

  async #run(key: string, added: number): Promise<void> {
    const { clock, run, onRun } = this.#options
    const since = clock.monotonic()
    this.#places.set(key, { is: 'running', since, dirtySince: undefined })
    const outcome = await runSafely(run, key, error => this.#logMistake(key, error))
    const ended = clock.monotonic()
    const place = this.#places.get(key)
    this.#places.delete(key)
    this.#planNext(key, outcome)
    if (place?.is === 'running' && place.dirtySince !== undefined && !this.#stopped)
      this.#enqueue(key, place.dirtySince)
    onRun?.({ key, waited: (since - added) / 1_000, ran: (ended - since) / 1_000, is: outcome.is })
  }

  #planNext(key: string, outcome: Outcome): void {
    const failures = outcome.is === 'failed' ? (this.#failures.get(key) ?? 0) + 1 : 0
    if (failures === 0) this.#failures.delete(key)
    else this.#failures.set(key, failures)
    if (outcome.is === 'again') this.addAfter(key, outcome.after)
    if (outcome.is === 'failed')
      this.addAfter(key, delayAfter(failures, this.#options.backoff ?? ordinaryBackoff, this.#options.random))
  }

  #logMistake(key: string, error: unknown): void {
    this.#options.log.error({ key, error: messageOf(error) }, 'a run threw')
  }
}

async function runSafely(
  run: (key: string) => Promise<Outcome>,
  key: string,
  onThrow: (error: unknown) => void,
): Promise<Outcome> {
  try {
    return await run(key)
  } catch (error) {
    onThrow(error)
    return { is: 'failed' }
  }
}
