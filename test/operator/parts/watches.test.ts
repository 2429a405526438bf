import { expect, test } from 'vitest'
import type { Connection, Reply } from '../../../src/cluster/index.ts'
import { resources } from '../../../src/live/resources.ts'
import { createWatches } from '../../../src/operator/watches.ts'
import { given, TestClock } from '../../cluster/given.ts'

const empty: Reply = { ok: true, status: 200, body: { metadata: { resourceVersion: '1' }, items: [] }, headers: {} }

/** Lists by pages; those of Services only once `answer` is called. */
function makeConnection() {
  const { promise, resolve: answer } = Promise.withResolvers<void>()
  const untilAborted = (signal: AbortSignal) =>
    new Promise<undefined>(resolve => signal.addEventListener('abort', () => resolve(undefined)))
  const request: Connection['request'] = async ({ path }) => {
    if (path.includes('services')) await promise
    return empty
  }
  const connection: Connection = {
    server: 'https://cluster.example',
    namespace: undefined,
    request,
    requestForLease: request,
    watch: async ({ query, signal, onOpen }) => {
      const details = { details: undefined, retryAfter: undefined }
      if (query.sendInitialEvents)
        return { kind: 'status', code: 422, reason: 'Invalid', message: 'no streamed lists', ...details }
      onOpen()
      return untilAborted(signal)
    },
    close: async () => {},
  }
  return { connection, answer }
}

test('a list that calls for another watch is not all that is needed: that one is waited for as well', async () => {
  const { connection, answer } = makeConnection()
  const watches = createWatches(given(), connection)
  const wish = { project: () => ({}), onChange: () => {} }
  const { reflector } = watches.start({ what: resources.namespaces, namespace: undefined, ...wish })
  await reflector.synced()
  reflector.onState(({ name }) => {
    if (name === 'listed') watches.start({ what: resources.services, namespace: 'openshift-dns', ...wish })
  })
  let known = false
  const relisted = watches.relist().then(() => {
    known = true
  })
  await reflector.relist()
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(watches.all()).toHaveLength(2)
  expect(known).toBe(false)
  answer()
  await relisted
  await watches.stop()
})

test('what a namespace of some name called for, and cannot be had, holds nobody up for long', async () => {
  const { connection, answer } = makeConnection()
  const clock = new TestClock()
  const watches = createWatches({ ...given(), clock }, connection)
  const wish = { project: () => ({}), onChange: () => {} }
  watches.start({ what: resources.namespaces, namespace: undefined, ...wish })
  watches.start({ what: resources.services, namespace: 'openshift-dns', onHearsay: true, ...wish })
  let known = false
  const relisted = watches.relist().then(() => {
    known = true
  })
  await clock.advance(9_000)
  expect(known).toBe(false)
  await clock.advance(2_000)
  await relisted
  expect(known).toBe(true)
  answer()
  await watches.stop()
})
