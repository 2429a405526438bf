import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Reply, Request } from '../../src/cluster/connect/index.ts'
import { type Elector, type ElectorOptions, makeIdentity, startElector } from '../../src/cluster/lease/index.ts'
import { pathOf, type Resource } from '../../src/cluster/resource.ts'
import { connection, direct, openConnections, proxy } from './connections.ts'
import { pass, statusOf } from './fault-proxy.ts'
import { given, settle, TestClock, TestLog, until } from './given.ts'
import { describe, makeName, plane } from './plane.ts'

let name: string
const electors: Elector[] = []
const children: ChildProcess[] = []

openConnections()
beforeEach(() => {
  name = makeName('lease')
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(electors.splice(0).map(elector => elector.stop()))
})

const leases: Resource = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' }
const quick = { leaseDuration: 1_500, renewDeadline: 1_000, retryPeriod: 200 }

function elect(host: string, options: Partial<ElectorOptions> = {}) {
  const events: string[] = []
  const identity = makeIdentity(host, randomUUID())
  const elector = startElector({
    ...given(),
    send: connection.requestForLease,
    namespace: 'default',
    name,
    identity,
    timing: quick,
    onWon: () => events.push('won'),
    onLost: because => events.push(`lost: ${because}`),
    ...options,
  })
  electors.push(elector)
  return { elector, events, identity }
}

const path = () => pathOf(leases, { namespace: 'default', name })

async function readSpec(): Promise<Record<string, unknown>> {
  const reply = await direct.request({ method: 'GET', path: path() })
  if (!reply.ok) throw new Error('no Lease')
  return (reply.body as { spec: Record<string, unknown> }).spec
}

/** A Lease that somebody holds who never says another word. */
const holdBy = (spec: object) =>
  direct.request({
    method: 'POST',
    path: pathOf(leases, { namespace: 'default' }),
    body: { metadata: { name }, spec: { holderIdentity: 'somebody', ...spec } },
  })

const patch = (body: unknown) =>
  direct.request({ method: 'PATCH', path: path(), body, contentType: 'application/merge-patch+json' })

describe('an election', () => {
  test('is won by one of those who stand for it, and the Lease says who', async () => {
    const candidates = ['a', 'b', 'c'].map(host => elect(host))
    await until(() => candidates.some(({ elector }) => elector.isLeader()))
    await until(() => candidates.every(({ elector }) => elector.holder() !== undefined))
    const leaders = candidates.filter(({ elector }) => elector.isLeader())
    expect(leaders).toHaveLength(1)
    expect(await readSpec()).toMatchObject({
      holderIdentity: leaders[0]?.identity,
      leaseDurationSeconds: 2,
      leaseTransitions: 0,
    })
    expect(new Set(candidates.map(({ elector }) => elector.holder())).size).toBe(1)
  })

  test('is never won by two at the same time, while leaders come and go', async () => {
    let most = 0
    const sample = setInterval(() => {
      const leaders = electors.filter(elector => elector.isLeader())
      most = Math.max(most, leaders.length)
    }, 1)
    for (let round = 0; round < 4; round++) {
      const { elector } = elect(`round-${round}`)
      elect(`other-${round}`)
      await until(() => electors.some(one => one.isLeader()))
      const leader = electors.find(one => one.isLeader()) ?? elector
      await leader.stop()
    }
    await until(() => electors.some(one => one.isLeader()))
    clearInterval(sample)
    expect(most).toBe(1)
  })

  test('goes on as long as the leader renews, and the right to write moves ahead each time', async () => {
    const leader = elect('leader')
    await until(() => leader.elector.isLeader())
    const rival = elect('rival')
    const first = leader.elector.mayWriteUntil()
    await new Promise(resolve => setTimeout(resolve, 2_500))
    expect(leader.elector.mayWriteUntil()).toBeGreaterThan(first + 1_500)
    expect(rival.elector.isLeader()).toBe(false)
    expect(rival.elector.mayWriteUntil()).toBe(Number.NEGATIVE_INFINITY)
    expect(leader.events).toEqual(['won'])
  })

  test('is open at once when the leader gives the Lease back', async () => {
    const leader = elect('leader')
    await until(() => leader.elector.isLeader())
    const rival = elect('rival')
    await until(() => rival.elector.holder() === leader.identity)
    await leader.elector.stop()
    expect(leader.elector.isLeader()).toBe(false)
    const released = performance.now()
    await until(() => rival.elector.isLeader())
    expect(performance.now() - released).toBeLessThan(1_000)
    expect(leader.events).toEqual(['won'])
    expect(await readSpec()).toMatchObject({ holderIdentity: rival.identity, leaseTransitions: 1 })
  })

  test('leaves nobody as the holder after the last one has stopped', async () => {
    const leader = elect('leader')
    await until(() => leader.elector.isLeader())
    await leader.elector.stop()
    expect(await readSpec()).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 })
  })

  test('gives the Lease back although somebody writes to it at the same moment', async () => {
    const { elector } = elect('leader')
    await until(() => elector.isLeader())
    let releases = 0
    proxy.decide = ({ method }) => {
      if (method !== 'PUT' || releases++ > 0) return pass
      return { is: 'answer', status: 409, body: statusOf(409, 'Conflict') }
    }
    await elector.stop()
    expect(await readSpec()).toMatchObject({ holderIdentity: '' })
  })

  test('gives back a Lease also where the answer to taking it was lost', async () => {
    proxy.decide = ({ method }) =>
      method === 'POST' ? { is: 'lose-answer' } : method === 'PUT' ? { is: 'stall' } : pass
    const { elector } = elect('unlucky')
    await until(() => proxy.seen.some(line => line.startsWith('PUT')))
    proxy.decide = () => pass
    await elector.stop()
    expect(await readSpec()).toMatchObject({ holderIdentity: '' })
  })

  test('passes to another only after a whole lease duration without a change, whatever the clock in the Lease says', async () => {
    const longAgo = '2001-01-01T00:00:00.000000Z'
    await holdBy({ leaseDurationSeconds: 1, acquireTime: longAgo, renewTime: longAgo })
    const started = performance.now()
    const { elector } = elect('heir')
    await until(() => elector.isLeader())
    expect(performance.now() - started).toBeGreaterThanOrEqual(quick.leaseDuration)
  })

  test('waits as long as the holder says where that is longer', async () => {
    await holdBy({ leaseDurationSeconds: 3 })
    const started = performance.now()
    const { elector } = elect('heir')
    await until(() => elector.isLeader())
    expect(performance.now() - started).toBeGreaterThanOrEqual(3_000)
  })

  test('keeps what others wrote on the Lease', async () => {
    const { elector } = elect('leader')
    await until(() => elector.isLeader())
    await patch({ metadata: { annotations: { note: 'by a person' } }, spec: { preferredHolder: null } })
    const before = elector.mayWriteUntil()
    await until(() => elector.mayWriteUntil() > before + quick.renewDeadline)
    const reply = await direct.request({ method: 'GET', path: path() })
    expect(reply).toMatchObject({ body: { metadata: { annotations: { note: 'by a person' } } } })
  })
})

describe('a leader', () => {
  test('that cannot reach the API server stops in time, says so once, and before anybody else leads', async () => {
    const leader = elect('leader')
    await until(() => leader.elector.isLeader())
    const rival = elect('rival', { send: direct.requestForLease })
    proxy.decide = () => ({ is: 'stall' })
    proxy.freeze()
    await until(() => leader.events.length > 1)
    expect(rival.elector.isLeader()).toBe(false)
    await until(() => rival.elector.isLeader())
    expect(leader.elector.isLeader()).toBe(false)
    proxy.decide = () => pass
    await new Promise(resolve => setTimeout(resolve, 500))
    expect(leader.events).toEqual(['won', 'lost: the Lease was not renewed in time'])
  })

  test('gets over a connection that is dead without a word', async () => {
    const { elector, events } = elect('leader')
    await until(() => elector.isLeader())
    proxy.freeze()
    const first = elector.mayWriteUntil()
    await until(() => elector.mayWriteUntil() > first + quick.renewDeadline)
    expect(events).toEqual(['won'])
  })

  test.each([
    ['resets', { is: 'reset' }],
    ['429', { is: 'answer', status: 429, headers: { 'retry-after': '1' } }],
    ['500', { is: 'answer', status: 500 }],
    ['answers that get lost', { is: 'lose-answer' }],
  ] as const)('gets over %s', async (_, fault) => {
    const { elector, events } = elect('leader')
    await until(() => elector.isLeader())
    let faults = 0
    proxy.decide = () => (faults++ < 2 ? fault : pass)
    const first = elector.mayWriteUntil()
    await until(() => elector.mayWriteUntil() > first + 2 * quick.renewDeadline)
    expect(events).toEqual(['won'])
  })

  test('whose Lease is taken by another leads no more as soon as it sees that', async () => {
    const { elector, events } = elect('leader')
    await until(() => elector.isLeader())
    await patch({ spec: { holderIdentity: 'usurper' } })
    await until(() => !elector.isLeader(), 900)
    expect(events).toEqual(['won', 'lost: the Lease was taken by usurper'])
  })

  test('whose Lease is deleted leads no more', async () => {
    const { elector, events } = elect('leader')
    await until(() => elector.isLeader())
    await direct.request({ method: 'DELETE', path: path() })
    await until(() => !elector.isLeader())
    expect(events).toEqual(['won', 'lost: the Lease was deleted'])
  })

  test('that was stopped like a frozen process and wakes sees at once that it may not write', async () => {
    const election = { server: plane.url, ca: plane.ca, token: plane.token, name, timing: quick }
    const child = spawn(process.execPath, [join(import.meta.dirname, 'leader-process.ts')], {
      env: { ...process.env, ELECTION: JSON.stringify(election) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    children.push(child)
    const said: string[] = []
    child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(...text.trim().split('\n')))
    await until(() => said.includes('won'))
    const rival = elect('rival')
    child.kill('SIGSTOP')
    await until(() => rival.elector.isLeader())
    child.kill('SIGCONT')
    await until(() => said.length >= 3)
    // The timer that says it is lost may have its turn before anybody asks, or after.
    expect(said.sort()).toEqual(['lost: the Lease was not renewed in time', 'woke: may not write', 'won'])
    expect(rival.elector.isLeader()).toBe(true)
  })
})

/** An API server of one Lease, where only the clocks are of interest. */
function fakeLease(clock: TestClock, takes = 0) {
  let version = 0
  const send = async ({ method, body }: Request): Promise<Reply> => {
    if (method === 'GET')
      return {
        ok: false,
        failure: {
          kind: 'status',
          code: 404,
          reason: 'NotFound',
          message: '',
          details: undefined,
          retryAfter: undefined,
        },
      }
    clock.freeze(takes)
    return {
      ok: true,
      status: 200,
      headers: {},
      body: { ...(body as object), metadata: { resourceVersion: String(++version) } },
    }
  }
  return send
}

describe('the clocks of a leader', () => {
  const timing = { leaseDuration: 15_000, renewDeadline: 10_000, retryPeriod: 2_000 }
  const late = 'lost: the Lease was not renewed in time'
  const lead = async () => {
    const clock = new TestClock()
    const leader = elect('leader', { clock, timing, send: fakeLease(clock) })
    await clock.advance(0)
    return { clock, ...leader }
  }

  test('count from before the request that renewed the Lease', async () => {
    const clock = new TestClock()
    const { elector } = elect('leader', { clock, random: () => 0, timing, send: fakeLease(clock, 700) })
    await clock.advance(0)
    expect(elector.isLeader()).toBe(true)
    expect(elector.mayWriteUntil()).toBe(10_000)
    await clock.advance(2_000)
    expect(elector.mayWriteUntil()).toBe(2_700 + 10_000)
  })

  test('say that the Lease is lost at the very deadline, also while a renewal still waits for its answer', async () => {
    const clock = new TestClock()
    const take = fakeLease(clock)
    const send = (request: Request): Promise<Reply> =>
      request.method !== 'PUT'
        ? take(request)
        : new Promise(resolve => {
            const failure = { kind: 'cancelled', message: '' } as const
            request.signal?.addEventListener('abort', () => resolve({ ok: false, failure }))
          })
    const { events } = elect('leader', { clock, timing, send })
    await clock.advance(9_999)
    expect(events).toEqual(['won'])
    await clock.advance(1)
    expect(events).toEqual(['won', late])
  })

  test('know at once that time has passed while nothing of ours ran', async () => {
    const { clock, elector, events } = await lead()
    clock.freeze(10_000)
    expect(elector.isLeader()).toBe(false)
    expect(events).toEqual(['won'])
    await clock.advance(0)
    expect(events).toEqual(['won', late])
  })

  test('know that the machine slept, although the monotonic one stood still', async () => {
    const { clock, elector, events } = await lead()
    clock.suspend(60_000)
    expect(elector.isLeader()).toBe(false)
    expect(elector.mayWriteUntil()).toBe(Number.NEGATIVE_INFINITY)
    await clock.advance(2_000)
    expect(events).toEqual(['won', late])
  })

  test('do not take a wall clock that was set back for more time', async () => {
    const { clock, elector } = await lead()
    clock.suspend(-3_600_000)
    clock.freeze(9_999)
    expect(elector.isLeader()).toBe(true)
    clock.freeze(1)
    expect(elector.isLeader()).toBe(false)
  })

  test('do not make a leader of one whose taking of the Lease took too long', async () => {
    const clock = new TestClock()
    const { elector, events } = elect('slow', { clock, timing, send: fakeLease(clock, 11_000), log: new TestLog() })
    await settle()
    expect(elector.isLeader()).toBe(false)
    expect(events).toEqual([])
  })
})
