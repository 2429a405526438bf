/** Does what the state asks for, tells the state machine what happened, and so on until it is stopped. */
import { delayAfter } from '../backoff.ts'
import type { Query } from '../connect/index.ts'
import { describeFailure, type Failure, messageOf } from '../failure.ts'
import { sleep } from '../given.ts'
import { listPages, ordinaryPageSize } from '../list.ts'
import { pathOf } from '../resource.ts'
import { follow } from './follow.ts'
import { type Happening, next, type Situation, type State, start } from './machine.ts'
import type { ReflectorOptions, Timing } from './options.ts'
import { projectEntry, readMeta, type WatchEvent } from './read.ts'
import { type Change, type Entry, ObjectStore, type RemovalCause } from './store.ts'

const ordinary: Timing = {
  backoff: { first: 800, most: 30_000 },
  recheck: 30_000,
  watchSeconds: 300,
  grace: 15_000,
  silence: 200_000,
  pageSize: ordinaryPageSize,
}

interface Waiter {
  readonly list: number
  readonly resolve: () => void
}

export class Running<T> {
  readonly store = new ObjectStore<T>()
  readonly changeListeners = new Set<(change: Change<T>) => void>()
  readonly stateListeners = new Set<(state: State) => void>()
  served = true
  lastEventAt: number | undefined
  resourceVersion: string | undefined
  /** How many lists were begun, and the latest one that is complete. */
  begun = 0
  lists = 0
  readonly #options: ReflectorOptions<T>
  readonly #timing: Timing
  readonly #path: string
  #situation: Situation = start
  #waiters: Waiter[] = []
  #act = new AbortController()
  #interruption: Happening | undefined

  constructor(options: ReflectorOptions<T>) {
    this.#options = options
    this.#timing = { ...ordinary, ...options.timing }
    this.#path = pathOf(options.resource, { namespace: options.namespace })
  }

  get state(): State {
    return this.#situation.state
  }

  async run(): Promise<void> {
    while (this.state.name !== 'stopped') {
      this.#act = new AbortController()
      const happening = this.#interruption ?? (await this.#actIn(this.state).catch(failBy))
      const happened = this.#interruption ?? happening
      // Before the listeners run: they may interrupt as well.
      this.#interruption = undefined
      this.#happen(happened)
    }
  }

  interrupt(happening: Happening): void {
    if (this.#interruption?.is !== 'stopped') this.#interruption = happening
    this.#act.abort()
  }

  async relist(): Promise<void> {
    const wanted = this.begun + 1
    this.interrupt({ is: 'asked-to-list' })
    await this.waitForList(wanted)
  }

  waitForList(list: number): Promise<void> {
    if (this.lists >= list) return Promise.resolve()
    return new Promise(resolve => {
      this.#waiters.push({ list, resolve })
    })
  }

  #actIn(state: State): Promise<Happening> {
    switch (state.name) {
      case 'empty':
        this.begun++
        return Promise.resolve({ is: 'started' })
      case 'streaming':
        return this.#stream()
      case 'paging':
        return this.#page()
      case 'listed':
      case 'watching':
        return this.#watch(state.resourceVersion)
      case 'backing-off':
      case 'forbidden':
        return this.#wait(this.#delayAfter(state.failure))
      case 'not-served':
        this.#setUnserved()
        return this.#wait(this.#timing.recheck * (0.75 + this.#options.random() / 2))
      case 'stopped':
        return Promise.resolve({ is: 'stopped' })
    }
  }

  #happen(happening: Happening): void {
    const before = this.state
    this.#situation = next(this.#situation, happening)
    const { state } = this
    if ('resourceVersion' in state) this.resourceVersion = state.resourceVersion
    if (state.name === before.name) return
    this.#logState(state)
    for (const listener of this.stateListeners) this.#tell(listener, state)
  }

  #logState(state: State): void {
    const { log, resource } = this.#options
    const fields = { resource: resource.plural, state: state.name, failures: this.#situation.failures }
    if (!('failure' in state)) log.debug(fields, 'the reflector goes on')
    // A first 410, a reset or a closed watch is everyday life.
    else if (this.#situation.failures < 3)
      log.info({ ...fields, failure: describeFailure(state.failure) }, 'a watch stopped')
    else log.warn({ ...fields, failure: describeFailure(state.failure) }, 'a watch keeps failing')
  }

  #delayAfter(failure: Failure): number {
    const asked = failure.kind === 'status' ? failure.retryAfter : undefined
    return (asked ?? 0) + delayAfter(this.#situation.failures, this.#timing.backoff, this.#options.random)
  }

  async #wait(ms: number): Promise<Happening> {
    await sleep(this.#options.clock, ms, this.#act.signal)
    return { is: 'waited' }
  }

  async #page(): Promise<Happening> {
    const { connection } = this.#options
    const pageSize = this.#situation.pages === 'limited' ? this.#timing.pageSize : undefined
    const listed = new Map<string, Entry<T>>()
    // Each try is a state of its own, so that it is seen.
    const request = { path: this.#path, query: this.#selectors(), pageSize, signal: this.#act.signal, attempts: 1 }
    const reply = await listPages(connection.request, request, item => this.#stage(listed, item))
    if (!reply.ok) return { is: 'failed', failure: reply.failure }
    this.#setListed(listed)
    return { is: 'listed', resourceVersion: reply.resourceVersion }
  }

  #stream(): Promise<Happening> {
    const staged = new Map<string, Entry<T>>()
    const query = { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
    return this.#follow(query, event => {
      if (this.state.name === 'watching') return this.#take(event)
      if (event.is === 'object') this.#stage(staged, event.json, event.deleted)
      if (event.is !== 'bookmark' || !event.endsList) return
      this.#setListed(staged)
      this.#happen({ is: 'listed', resourceVersion: event.resourceVersion })
    })
  }

  #watch(resourceVersion: string): Promise<Happening> {
    return this.#follow({ resourceVersion }, event => this.#take(event))
  }

  #follow(query: Query, take: (event: WatchEvent) => void): Promise<Happening> {
    const { clock, random, connection } = this.#options
    const { watchSeconds, grace, silence } = this.#timing
    return follow({
      watch: connection.watch,
      clock,
      path: this.#path,
      query: { ...this.#selectors(), ...query },
      seconds: Math.round(watchSeconds * (1 + random())),
      grace,
      silence,
      signal: this.#act.signal,
      onOpen: () => this.#happen({ is: 'opened' }),
      onEvent: event => {
        this.lastEventAt = clock.now()
        take(event)
      },
    })
  }

  #take(event: WatchEvent): void {
    if (event.is === 'bookmark') this.#happen({ is: 'progressed', resourceVersion: event.resourceVersion })
    if (event.is !== 'object') return
    const { meta, deleted, json } = event
    const before = this.store.entry(meta.key)
    const after = deleted ? undefined : projectEntry(this.#options.project, json, meta, before, this.#options.log)
    const because = deleted ? 'deleted' : 'passed-over'
    this.#emit(after === undefined ? this.store.remove(meta.key, because) : this.store.put(meta.key, after))
    this.#happen({ is: 'progressed', resourceVersion: meta.resourceVersion })
  }

  #stage(staged: Map<string, Entry<T>>, json: unknown, deleted = false): void {
    const meta = readMeta(json)
    if (meta === undefined) return
    const before = this.store.entry(meta.key)
    const entry = deleted ? undefined : projectEntry(this.#options.project, json, meta, before, this.#options.log)
    if (entry === undefined) staged.delete(meta.key)
    else staged.set(meta.key, entry)
  }

  #setListed(listed: Map<string, Entry<T>>): void {
    this.served = true
    this.lastEventAt = this.#options.clock.now()
    this.#replace(listed, 'not-listed')
  }

  #setUnserved(): void {
    this.served = false
    this.resourceVersion = undefined
    this.#replace(new Map(), 'not-served')
  }

  #replace(entries: Map<string, Entry<T>>, because: RemovalCause): void {
    this.lists = this.begun
    this.#emit(this.store.replace(entries, because))
    const met = this.#waiters.filter(({ list }) => list <= this.lists)
    this.#waiters = this.#waiters.filter(({ list }) => list > this.lists)
    for (const { resolve } of met) resolve()
  }

  #emit(changes: readonly Change<T>[]): void {
    for (const change of changes) for (const listener of this.changeListeners) this.#tell(listener, change)
  }

  #tell<E>(listener: (event: E) => void, event: E): void {
    try {
      listener(event)
    } catch (error) {
      this.#options.log.error({ error: messageOf(error) }, 'a listener of a reflector failed')
    }
  }

  #selectors(): Query {
    const { labelSelector, fieldSelector } = this.#options
    return { labelSelector, fieldSelector }
  }
}

/** Mistakes of ours must not end a watch either. */
function failBy(error: unknown): Happening {
  return { is: 'failed', failure: { kind: 'parse', message: messageOf(error) } }
}
