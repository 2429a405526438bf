/** The operator's Lease, taken for a while: as long as it is ours, no operator writes. A living holder keeps it. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Connection,
  type Elector,
  type Failure,
  isStatus,
  type Log,
  leases,
  makeIdentity,
  pathOf,
  startElector,
  systemClock,
} from '../../../cluster/index.ts'
import type { ElectorState } from '../../../cluster/lease/index.ts'
import { readLease } from '../../../doctor/shapes.ts'
import { operator } from '../../../live/resources.ts'

export type Taken =
  | { readonly is: 'taken'; readonly elector: Elector }
  /** Somebody renews it: an operator is at work. */
  | { readonly is: 'held'; readonly holder: string }
  | { readonly is: 'failed'; readonly failure: Failure }
  | { readonly is: 'out-of-reach'; readonly because: string }
  | { readonly is: 'stopped' }

export interface LeaseWanted {
  readonly connection: Connection
  readonly namespace: string
  readonly signal: AbortSignal
  /** Nobody knows yet whether its holder lives: that takes some seconds. */
  readonly onWait: (holder: string, seconds: number) => void
}

const timing = { leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 1_000 }
/** Past the life of the Lease, for the requests that it takes. */
const grace = 15_000

export async function takeLease({ connection, namespace, signal, onWait }: LeaseWanted): Promise<Taken> {
  const path = pathOf(leases, { namespace, name: operator.lease })
  const reply = await connection.request({ method: 'GET', path })
  if (!reply.ok && !isStatus(reply.failure, 404)) return { is: 'failed', failure: reply.failure }
  const lease = reply.ok ? readLease(reply.body) : undefined
  const life = Math.max(timing.leaseDuration, lease?.lasts ?? 0)
  if (lease && lease.holder !== '') onWait(lease.holder, Math.ceil(life / 1_000))
  const log = hear()
  const elector = startElector({
    clock: systemClock,
    random: Math.random,
    log,
    send: connection.requestForLease,
    namespace,
    name: operator.lease,
    identity: makeIdentity(`${hostname()}-uninstall`, randomUUID()),
    timing,
  })
  const taken = await waitFor(elector, log, systemClock.monotonic() + life + grace, signal)
  if (taken.is !== 'taken') await elector.stop()
  return taken
}

async function waitFor(elector: Elector, log: Heard, end: number, signal: AbortSignal): Promise<Taken> {
  let first: string | undefined
  while (!signal.aborted) {
    if (elector.isLeader()) return { is: 'taken', elector }
    const seen = seenOf(elector.state())
    first ??= seen?.fingerprint
    if (seen && seen.holder !== '' && seen.fingerprint !== first) return { is: 'held', holder: seen.holder }
    const because = log.failure() ?? (systemClock.monotonic() > end ? 'it took too long' : undefined)
    if (because !== undefined) return { is: 'out-of-reach', because }
    await sleep(50)
  }
  return { is: 'stopped' }
}

function seenOf(state: ElectorState): Extract<ElectorState, { name: 'waiting' }>['seen'] {
  return state.name === 'waiting' ? state.seen : undefined
}

interface Heard extends Log {
  readonly failure: () => string | undefined
}

/** An operator would try again for ever; whoever waits at a terminal wants to know. */
function hear(): Heard {
  let failure: string | undefined
  const note = (fields: object) => {
    if ('failure' in fields) failure = String(fields.failure)
  }
  return { debug: () => {}, info: () => {}, warn: note, error: note, failure: () => failure }
}
