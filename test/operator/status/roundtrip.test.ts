import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Connection, connectTo } from '../../../src/cluster/connect/index.ts'
import { createWriter, pathOf, type Writer } from '../../../src/cluster/index.ts'
import { resources } from '../../../src/live/resources.ts'
import { type AppTierStatus, readStatus, sameStatus } from '../../../src/operator/status/index.ts'
import { given } from '../../cluster/given.ts'
import { describe, makeName, plane, targetAt } from '../../cluster/plane.ts'
import { appTier, workload } from '../../decide.ts'
import { readByKstatus, statusIn } from './judge.ts'

const { appTiers } = resources
const namespace = makeName('status')
const selector = { matchLabels: { role: 'db' } }
let connection: Connection
let writer: Writer

beforeAll(async () => {
  connection = connectTo(targetAt(plane.url), { ...given(), userAgent: 'tierwall/test' })
  writer = createWriter({ send: connection.request, fieldManager: 'tierwall' })
  await connection.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } })
})
afterAll(async () => {
  await connection.close()
})

const live = z.object({
  metadata: z.object({ generation: z.number(), resourceVersion: z.string() }),
  status: z.unknown().optional(),
})

const wire = (name: string) => ({
  apiVersion: 'tierwall.dev/v1alpha1',
  kind: 'AppTier',
  metadata: { name, namespace },
})

async function create(name: string): Promise<void> {
  const object = { ...wire(name), spec: { selector } }
  expect(await writer.create(appTiers, object)).toMatchObject({ is: 'written' })
}

async function patch(name: string, status: AppTierStatus): Promise<void> {
  expect(await writer.patchStatus(appTiers, wire(name), status)).toMatchObject({ is: 'written' })
}

async function read(name: string): Promise<z.infer<typeof live>> {
  const reply = await connection.request({ method: 'GET', path: pathOf(appTiers, { namespace, name }) })
  return live.parse(reply.ok ? reply.body : undefined)
}

const statuses: readonly (readonly [string, AppTierStatus])[] = [
  ['enforced', statusIn(appTier('db', { app: 'till', selector, ports: [{ port: 5432 }] }))],
  ['broken', statusIn(appTier('db', { selector, ports: [{}] }))],
  ['unread', statusIn(appTier('db', { tier: 'Wrong_Name' }))],
  ['pending', statusIn('')],
  ['under way', statusIn(appTier('db', { selector }), { settled: false })],
  ['one-sided', statusIn(appTier('db', { selector, from: [{ tier: 'nobody' }] }))],
  ['empty', statusIn(appTier('db', {}))],
]

describe('a status on the API server', () => {
  test.each(statuses)('that is %s is accepted and comes back unchanged', async (what, status) => {
    const name = `db-${what.replaceAll(' ', '-')}`
    await create(name)
    expect(readStatus((await read(name)).status)).toBeUndefined()
    await patch(name, status)
    const back = await read(name)
    expect(back.status).toEqual(status)
    expect(sameStatus(readStatus(back.status), status)).toBe(true)
  })

  test('changes nothing when it is written once more, and never the generation', async () => {
    await create('again')
    const status = statusIn(appTier('db', { selector }))
    await patch('again', status)
    const first = await read('again')
    await patch('again', status)
    expect(await read('again')).toEqual(first)
    expect(first.metadata.generation).toBe(1)
    expect(readByKstatus(status, first.metadata.generation)).toBe('Current')
  })

  test('leaves nothing behind of what was written before', async () => {
    await create('fewer')
    await patch('fewer', statusIn(appTier('db', { selector, ports: [{}] })))
    for (const status of [statusIn(workload('x', { tier: 'db' }) + appTier('db', {})), statusIn('')]) {
      await patch('fewer', status)
      expect((await read('fewer')).status).toEqual(status)
    }
  })

  test('keeps the longest messages and lists that there may be', async () => {
    await create('long')
    const many = Array.from({ length: 250 }, (_, index) =>
      workload(`a-workload-whose-name-is-as-long-as-they-come-${index}`, { tier: 'db', 'allow-from': 'nobody' }),
    )
    const status = statusIn(many.join('') + appTier('db', {}))
    await patch('long', status)
    expect((await read('long')).status).toEqual(status)
  })
})
