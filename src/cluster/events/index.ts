/** Tells people through Events what happened to their objects; the same thing again becomes a count, not another Event. */
import PQueue from 'p-queue'
import type { Reply, Send } from '../connect/index.ts'
import { describeFailure, isStatus, messageOf } from '../failure.ts'
import type { Given } from '../given.ts'
import { microTime } from '../micro-time.ts'
import { pathOf, type Resource } from '../resource.ts'
import { type Bucket, fullBucket, type Rate, takeToken } from './bucket.ts'
import { cutName, cutNote } from './note.ts'

export interface EventNews {
  readonly regarding: Regarding
  readonly type: 'Normal' | 'Warning'
  /** Why, as one CamelCase word: `PortUndeclared`. */
  readonly reason: string
  /** What was done or tried, as one CamelCase word: `Reconcile`. */
  readonly action: string
  readonly note: string
}

export interface Regarding {
  readonly apiVersion: string
  readonly kind: string
  /** Nothing for what is in no namespace. */
  readonly namespace?: string | undefined
  readonly name: string
  readonly uid?: string | undefined
}

export interface RecorderOptions extends Given {
  readonly send: Send
  /** A qualified name: `tierwall.dev/operator`. */
  readonly controller: string
  /** Which of its processes. */
  readonly instance: string
  readonly limits?: Partial<RecorderLimits>
}

export interface RecorderLimits {
  /** New Events about one object. */
  readonly perObject: Rate
  /** Everything that is written. */
  readonly overall: Rate
  /** How often the count of a series is written, at most. */
  readonly countEvery: number
  /** A series that was silent for longer starts over. */
  readonly seriesLifetime: number
  /** Series, and objects, that are remembered. */
  readonly remembered: number
  /** What waits to be written; beyond that Events are dropped. */
  readonly backlog: number
}

export interface Recorder {
  /** Never fails and never waits; what could not be written is counted. */
  readonly record: (news: EventNews) => void
  readonly figures: () => { readonly written: number; readonly dropped: number; readonly waiting: number }
  /** Writes what waits, the counts as well. */
  readonly stop: () => Promise<void>
}

/** Per object as client-go does; a count each minute is enough for people. */
const ordinary: RecorderLimits = {
  perObject: { burst: 25, every: 300_000 },
  overall: { burst: 50, every: 200 },
  countEvery: 60_000,
  seriesLifetime: 3_000_000,
  remembered: 4_096,
  backlog: 1_000,
}

export const events: Resource = { group: 'events.k8s.io', version: 'v1', plural: 'events' }

export function createRecorder(options: RecorderOptions): Recorder {
  return new EventRecorder(options)
}

interface Series {
  readonly news: EventNews
  readonly name: string
  readonly namespace: string
  count: number
  /** What the API server was told; 0 as long as it knows nothing. */
  written: number
  /** Monotonic, and wall time. */
  lastSeen: number
  lastSeenAt: number
  cancelCount: (() => void) | undefined
}

class EventRecorder implements Recorder {
  readonly #options: RecorderOptions
  readonly #limits: RecorderLimits
  readonly #series = new Map<string, Series>()
  readonly #objects = new Map<string, Bucket>()
  /** One at a time: the count of a series must not overtake its Event. */
  readonly #writes = new PQueue({ concurrency: 1 })
  #overall: Bucket
  #written = 0
  #dropped = 0
  #stopped = false

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#limits = { ...ordinary, ...options.limits }
    this.#overall = fullBucket(this.#limits.overall, options.clock.monotonic())
  }

  record = (news: EventNews): void => {
    if (this.#stopped) return
    try {
      this.#note({ ...news, note: cutNote(news.note), reason: cutName(news.reason), action: cutName(news.action) })
    } catch (error) {
      this.#drop(news, messageOf(error))
    }
  }

  figures = () => ({
    written: this.#written,
    dropped: this.#dropped,
    waiting: this.#writes.size + this.#writes.pending,
  })

  stop = async (): Promise<void> => {
    this.#stopped = true
    for (const series of this.#series.values()) {
      series.cancelCount?.()
      if (series.count > series.written) this.#enqueue(series)
    }
    await this.#writes.onIdle()
  }

  #note(news: EventNews): void {
    const now = this.#options.clock.monotonic()
    const key = JSON.stringify([keyOf(news.regarding), news.type, news.reason, news.action, news.note])
    const known = this.#series.get(key)
    if (known !== undefined && now - known.lastSeen < this.#limits.seriesLifetime) {
      remember(this.#series, key, known, this.#limits.remembered)
      known.count++
      known.lastSeen = now
      known.lastSeenAt = this.#options.clock.now()
      this.#planCount(known)
      return
    }
    known?.cancelCount?.()
    if (!this.#mayTell(news.regarding, now)) {
      this.#drop(news, 'too many about this object')
      return
    }
    const series = this.#begin(news, now)
    const forgotten = remember(this.#series, key, series, this.#limits.remembered)
    if (forgotten?.cancelCount !== undefined) {
      forgotten.cancelCount()
      this.#enqueue(forgotten)
    }
    this.#enqueue(series)
  }

  #begin(news: EventNews, now: number): Series {
    const { clock, random } = this.#options
    const unique = `${clock.now().toString(16)}${Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')}`
    return {
      news,
      // As kubectl's users know it: the object's name and a number. A name may have 253 characters.
      name: `${news.regarding.name.slice(0, 220)}.${unique}`,
      // What is in no namespace has its Events in this one.
      namespace: news.regarding.namespace ?? 'default',
      count: 1,
      written: 0,
      lastSeen: now,
      lastSeenAt: clock.now(),
      cancelCount: undefined,
    }
  }

  #mayTell(regarding: Regarding, now: number): boolean {
    const { perObject, remembered } = this.#limits
    const key = keyOf(regarding)
    const left = takeToken(this.#objects.get(key) ?? fullBucket(perObject, now), perObject, now)
    if (left !== undefined) remember(this.#objects, key, left, remembered)
    return left !== undefined
  }

  #planCount(series: Series): void {
    series.cancelCount ??= this.#options.clock.after(this.#limits.countEvery, () => {
      series.cancelCount = undefined
      this.#enqueue(series)
    })
  }

  #enqueue(series: Series): void {
    const left = takeToken(this.#overall, this.#limits.overall, this.#options.clock.monotonic())
    if (left === undefined || this.#writes.size >= this.#limits.backlog) {
      this.#drop(series.news, 'too many at once')
      return
    }
    this.#overall = left
    this.#writes.add(() => this.#write(series)).catch(error => this.#drop(series.news, messageOf(error)))
  }

  async #write(series: Series): Promise<void> {
    const count = series.count
    const reply = series.written === 0 ? await this.#post(series) : await this.#patch(series, count)
    if (reply.ok) {
      // A new Event says it once; the rest follows as a count.
      series.written = series.written === 0 ? 1 : count
      this.#written++
      if (series.count > series.written && !this.#stopped) this.#planCount(series)
      else if (series.count > series.written) this.#enqueue(series)
    } else this.#drop(series.news, describeFailure(reply.failure))
  }

  async #patch(series: Series, count: number): Promise<Reply> {
    const { namespace, name, lastSeenAt } = series
    const reply = await this.#options.send({
      method: 'PATCH',
      path: pathOf(events, { namespace, name }),
      contentType: 'application/merge-patch+json',
      body: { series: { count, lastObservedTime: microTime(lastSeenAt) } },
    })
    // The API server forgets Events after an hour.
    return reply.ok || !isStatus(reply.failure, 404) ? reply : this.#post(series)
  }

  async #post({ news, namespace, name, lastSeenAt }: Series): Promise<Reply> {
    const { send, controller, instance } = this.#options
    const body = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name, namespace },
      eventTime: microTime(lastSeenAt),
      reportingController: controller,
      reportingInstance: cutName(instance),
      ...news,
    }
    return send({ method: 'POST', path: pathOf(events, { namespace }), body })
  }

  #drop({ regarding, reason }: EventNews, because: string): void {
    this.#dropped++
    this.#options.log.debug({ regarding: keyOf(regarding), reason, because }, 'an Event was dropped')
  }
}

function keyOf({ apiVersion, kind, namespace = '', name, uid = '' }: Regarding): string {
  return [apiVersion, kind, namespace, name, uid].join(' ')
}

/** Used last, forgotten last. */
function remember<T>(memory: Map<string, T>, key: string, value: T, most: number): T | undefined {
  memory.delete(key)
  memory.set(key, value)
  if (memory.size <= most) return undefined
  const [oldest] = memory
  if (oldest === undefined) return undefined
  memory.delete(oldest[0])
  return oldest[1]
}
