/** One of several processes leads, by a Lease: who it is, and until when it may write. */
import type { Reply, Send } from '../connect/index.ts'
import { describeFailure, type Failure, isStatus, messageOf } from '../failure.ts'
import { type Given, sleep } from '../given.ts'
import { pathOf, type Resource } from '../resource.ts'
import {
  fingerprint,
  holderOf,
  type LeaseObject,
  lifetimeOf,
  readLease,
  releasedAt,
  renewedAt,
  takenBy,
} from './record.ts'

export interface ElectorOptions extends Given {
  /** `requestForLease`: nothing else may get in its way. */
  readonly send: Send
  readonly namespace: string
  readonly name: string
  /** No two processes may share it, not even one after the other: see `makeIdentity`. */
  readonly identity: string
  readonly timing?: Partial<LeaseTiming>
  readonly onWon?: () => void
  /** Once, and never because of `stop`. */
  readonly onLost?: (because: string) => void
}

/** Milliseconds. Who leads stops writing after `renewDeadline`; others wait for `leaseDuration`. Between the two, writes land. */
export interface LeaseTiming {
  readonly leaseDuration: number
  readonly renewDeadline: number
  readonly retryPeriod: number
}

export type ElectorState =
  /** Somebody else holds the Lease, or the API server does not answer. */
  | { readonly name: 'waiting'; readonly seen: Seen | undefined }
  | { readonly name: 'leading'; readonly term: Term; readonly lease: LeaseObject }
  | { readonly name: 'lost'; readonly because: string }
  | { readonly name: 'stopped' }

/** When we saw it change, by our clock; what their clock says counts for nothing. */
export interface Seen {
  readonly fingerprint: string
  readonly holder: string
  readonly at: number
}

/** By two clocks, and the sooner counts: the monotonic one stands still while the machine sleeps. */
interface Term {
  readonly until: number
  readonly wallUntil: number
}

export interface Elector {
  readonly isLeader: () => boolean
  /** Monotonic. No write may start at or past it; -Infinity for those who do not lead. */
  readonly mayWriteUntil: () => number
  /** As last seen; empty where nobody holds it, nothing where it was not read yet. */
  readonly holder: () => string | undefined
  readonly state: () => ElectorState
  /** Gives the Lease back. Writes that are under way must have ended before. */
  readonly stop: () => Promise<void>
}

const ordinaryTiming: LeaseTiming = { leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 }

export const leases: Resource = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' }

export function makeIdentity(host: string, unique: string): string {
  return `${host}_${unique}`
}

export function startElector(options: ElectorOptions): Elector {
  return new Candidate(options)
}

class Candidate implements Elector {
  readonly #options: ElectorOptions
  readonly #timing: LeaseTiming
  readonly #ended: Promise<void>
  readonly #stopping = new AbortController()
  #state: ElectorState = { name: 'waiting', seen: undefined }
  #cancelDeadline = () => {}
  /** Also where the answer to our taking it never came. */
  #mayHold = false

  constructor(options: ElectorOptions) {
    this.#options = options
    this.#timing = { ...ordinaryTiming, ...options.timing }
    this.#ended = this.#run()
  }

  isLeader = (): boolean => this.#options.clock.monotonic() < this.mayWriteUntil()

  mayWriteUntil = (): number => {
    if (this.#state.name !== 'leading') return Number.NEGATIVE_INFINITY
    const { until, wallUntil } = this.#state.term
    return this.#options.clock.now() < wallUntil ? until : Number.NEGATIVE_INFINITY
  }

  holder = (): string | undefined => {
    if (this.#state.name === 'leading') return this.#options.identity
    return this.#state.name === 'waiting' ? this.#state.seen?.holder : undefined
  }

  state = (): ElectorState => this.#state

  stop = async (): Promise<void> => {
    if (this.#state.name !== 'lost') this.#state = { name: 'stopped' }
    this.#cancelDeadline()
    this.#stopping.abort()
    await this.#ended
    if (this.#mayHold && this.#state.name !== 'lost') await this.#release()
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#options
    const { retryPeriod } = this.#timing
    while (this.#state.name === 'waiting' || this.#state.name === 'leading') {
      const went = this.#state.name === 'leading' ? await this.#renew(this.#state.lease) : await this.#tryToWin()
      // A renewal that failed is tried again soon, there may not be time for many; candidates scatter.
      const pause = this.#state.name === 'leading' ? retryPeriod / (went ? 1 : 4) : retryPeriod * (1 + random() / 5)
      await sleep(clock, pause, this.#stopping.signal)
    }
  }

  async #tryToWin(): Promise<boolean> {
    const { clock, identity } = this.#options
    const { leaseDuration } = this.#timing
    const read = await this.#get()
    if (!read.ok) return isStatus(read.failure, 404) ? this.#take(undefined) : this.#logFailure(read.failure)
    const lease = readLease(read.body)
    if (lease === undefined) return this.#logFailure({ kind: 'parse', message: 'the Lease cannot be read' })
    const seen = this.#see(lease)
    const expired = clock.monotonic() >= seen.at + lifetimeOf(lease, leaseDuration)
    return seen.holder === '' || seen.holder === identity || expired ? this.#take(lease) : false
  }

  #see(lease: LeaseObject): Seen {
    const before = this.#state.name === 'waiting' ? this.#state.seen : undefined
    const now = { fingerprint: fingerprint(lease), holder: holderOf(lease), at: this.#options.clock.monotonic() }
    const seen = before?.fingerprint === now.fingerprint ? before : now
    if (this.#state.name === 'waiting') this.#state = { name: 'waiting', seen }
    return seen
  }

  async #take(before: LeaseObject | undefined): Promise<boolean> {
    const { clock, identity, log, onWon } = this.#options
    const term = this.#beginTerm()
    this.#mayHold = true
    const mine = { identity, leaseDuration: this.#timing.leaseDuration, now: clock.now() }
    const reply = await this.#write(before, takenBy(mine, before), term.until)
    const lease = reply.ok ? readLease(reply.body) : undefined
    if (this.#state.name !== 'waiting') return false
    if (lease === undefined) return reply.ok || isStatus(reply.failure, 409) ? false : this.#logFailure(reply.failure)
    if (!this.#isWithin(term)) return false
    this.#lead(term, lease)
    log.info({ identity }, 'this process leads')
    this.#tell(onWon)
    return true
  }

  async #renew(lease: LeaseObject): Promise<boolean> {
    const mayWriteUntil = this.mayWriteUntil()
    if (!this.isLeader()) return this.#lose('the Lease was not renewed in time')
    const term = this.#beginTerm()
    const reply = await this.#write(lease, renewedAt(this.#options.clock.now(), lease), mayWriteUntil)
    if (this.#state.name !== 'leading') return false
    // Late by a moment is late: somebody may have asked in that moment and been told no.
    if (!this.isLeader()) return this.#lose('the Lease was not renewed in time')
    const renewed = reply.ok ? readLease(reply.body) : undefined
    if (renewed !== undefined) {
      this.#lead(term, renewed)
      return true
    }
    if (reply.ok) return false
    if (isStatus(reply.failure, 409) || isStatus(reply.failure, 404)) return this.#reconsider()
    return this.#logFailure(reply.failure)
  }

  /** Somebody wrote to our Lease. It may have been an annotation, or the end. */
  async #reconsider(): Promise<boolean> {
    const read = await this.#get()
    if (this.#state.name !== 'leading') return false
    if (!this.isLeader()) return this.#lose('the Lease was not renewed in time')
    if (!read.ok)
      return isStatus(read.failure, 404) ? this.#lose('the Lease was deleted') : this.#logFailure(read.failure)
    const lease = readLease(read.body)
    if (lease === undefined) return false
    const holder = holderOf(lease)
    if (holder !== this.#options.identity)
      return this.#lose(holder === '' ? 'the Lease was taken from us' : `the Lease was taken by ${holder}`)
    this.#state = { ...this.#state, lease }
    return false
  }

  /** Counted from before the request, so that it ends before anybody who sees the write could think it has. */
  #beginTerm(): Term {
    const { clock } = this.#options
    const { renewDeadline } = this.#timing
    return { until: clock.monotonic() + renewDeadline, wallUntil: clock.now() + renewDeadline }
  }

  #isWithin({ until, wallUntil }: Term): boolean {
    const { clock } = this.#options
    return clock.monotonic() < until && clock.now() < wallUntil
  }

  #lead(term: Term, lease: LeaseObject): void {
    this.#state = { name: 'leading', term, lease }
    this.#cancelDeadline()
    this.#watchDeadline(term)
  }

  #watchDeadline(term: Term): void {
    const { clock } = this.#options
    this.#cancelDeadline = clock.after(Math.max(0, term.until - clock.monotonic()), () => {
      if (this.#isWithin(term)) this.#watchDeadline(term)
      else this.#lose('the Lease was not renewed in time')
    })
  }

  #lose(because: string): false {
    if (this.#state.name !== 'leading') return false
    this.#state = { name: 'lost', because }
    this.#cancelDeadline()
    this.#options.log.error({ identity: this.#options.identity, because }, 'this process leads no more')
    this.#tell(() => this.#options.onLost?.(because))
    return false
  }

  /** Twice, since a renewal that we gave up may still arrive in between. */
  async #release(): Promise<void> {
    const { clock, identity, log } = this.#options
    const { signal } = new AbortController()
    for (let tries = 0; tries < 2; tries++) {
      const read = await this.#get(signal)
      const lease = read.ok ? readLease(read.body) : undefined
      if (lease === undefined || holderOf(lease) !== identity) return
      const reply = await this.#write(lease, releasedAt(clock.now(), lease), undefined, signal)
      if (reply.ok) {
        log.info({ identity }, 'the Lease was given back')
        return
      }
      this.#logFailure(reply.failure)
    }
  }

  #get(signal = this.#stopping.signal): Promise<Reply> {
    const { send, namespace, name } = this.#options
    const { renewDeadline } = this.#timing
    return send({
      method: 'GET',
      path: pathOf(leases, { namespace, name }),
      signal,
      timeout: renewDeadline / 2,
      attempts: 1,
    })
  }

  #write(
    before: LeaseObject | undefined,
    spec: Record<string, unknown>,
    notAfter: number | undefined,
    signal = this.#stopping.signal,
  ): Promise<Reply> {
    const { send, namespace, name } = this.#options
    const limits = { signal, timeout: this.#timing.renewDeadline / 2, attempts: 1, notAfter }
    if (before !== undefined)
      return send({ method: 'PUT', path: pathOf(leases, { namespace, name }), body: { ...before, spec }, ...limits })
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace }, spec }
    return send({ method: 'POST', path: pathOf(leases, { namespace }), body, ...limits })
  }

  #tell(listener: (() => void) | undefined): void {
    try {
      listener?.()
    } catch (error) {
      this.#options.log.error({ error: messageOf(error) }, 'a listener of the election failed')
    }
  }

  #logFailure(failure: Failure): false {
    // Whoever stops has ended it.
    if (failure.kind === 'cancelled' && this.#stopping.signal.aborted) return false
    this.#options.log.warn({ failure: describeFailure(failure) }, 'the Lease could not be read or written')
    return false
  }
}
