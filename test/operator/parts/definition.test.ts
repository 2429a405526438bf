import { expect, test } from 'vitest'
import type { Reply } from '../../../src/cluster/index.ts'
import { followDefinition } from '../../../src/operator/definition.ts'
import { TestClock } from '../../cluster/given.ts'

type Discovery = 'served' | 'terminating' | 'missing' | 'unreachable'

const verbs = { served: ['create', 'get', 'list'], terminating: ['get', 'list'] } as const

function replyOf(discovery: Discovery): Reply {
  if (discovery === 'unreachable')
    return { ok: false, failure: { kind: 'network', message: 'reset', code: 'ECONNRESET' } }
  if (discovery === 'missing') {
    const status = { code: 404, reason: 'NotFound', message: 'no', details: undefined, retryAfter: undefined } as const
    return { ok: false, failure: { kind: 'status', ...status } }
  }
  const body = { resources: [{ name: 'apptiers', verbs: verbs[discovery] }] }
  return { ok: true, status: 200, body, headers: {} }
}

function start(first: Discovery) {
  const clock = new TestClock()
  const told: boolean[] = []
  const returns: number[] = []
  let discovery = first
  const definition = followDefinition({
    send: async () => replyOf(discovery),
    clock,
    onServes: served => told.push(served),
    onReturn: () => returns.push(clock.monotonic()),
  })
  const become = (next: Discovery) => {
    discovery = next
  }
  return { clock, told, returns, definition, become }
}

test('an AppTier that was deleted by itself is deleted', async () => {
  const { clock, told, definition } = start('served')
  definition.doubt()
  await clock.advance(0)
  expect(told).toEqual([true])
})

test.each(['terminating', 'missing'] as const)(
  'while the definition is %s, what AppTiers asked for is held',
  async is => {
    const { clock, told, definition } = start(is)
    definition.doubt()
    await clock.advance(60_000)
    expect(told.includes(true)).toBe(false)
  },
)

test('as long as the API server says nothing, nobody counts as deleted', async () => {
  const { clock, told, definition, become } = start('unreachable')
  definition.doubt()
  await clock.advance(30_000)
  expect(told).toEqual([])
  become('served')
  await clock.advance(1_000)
  expect(told).toEqual([true])
})

test('a definition that returns has a moment for its AppTiers to return as well', async () => {
  const { clock, told, definition, become } = start('missing')
  definition.setServed(false)
  expect(told).toEqual([false])
  become('served')
  definition.setServed(true)
  await clock.advance(9_000)
  expect(told).toEqual([false])
  await clock.advance(2_000)
  expect(told).toEqual([false, true])
})

test('a definition that was deleted and created between two looks of the watch is noticed', async () => {
  const { clock, told, returns, definition, become } = start('terminating')
  definition.doubt()
  await clock.advance(0)
  become('served')
  await clock.advance(20_000)
  expect(told.at(-1)).toBe(true)
  // The watch may still be that of the old one.
  expect(returns).toHaveLength(1)
})
