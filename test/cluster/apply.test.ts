import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWriter, type VersionedObject, type Writer } from '../../src/cluster/apply.ts'
import { type Connection, connectTo } from '../../src/cluster/connect/index.ts'
import { systemClock } from '../../src/cluster/given.ts'
import { pathOf, type Resource } from '../../src/cluster/resource.ts'
import { given } from './given.ts'
import { describe, makeName, plane, targetAt } from './plane.ts'

let connection: Connection
let writer: Writer
const namespace = makeName('apply')

beforeAll(async () => {
  connection = connectTo(targetAt(plane.url), { ...given(), userAgent: 'tierwall/test' })
  await connection.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } })
  writer = createWriter({ send: connection.request, fieldManager: 'tierwall' })
})
afterAll(async () => {
  await connection.close()
})

const policies: Resource = { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies' }
const widgets: Resource = { group: 'tierwall.test', version: 'v1', plural: 'widgets' }
const budgets: Resource = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' }

const policy = (
  name: string,
  spec: object = { podSelector: { matchLabels: { tier: 'db' } }, policyTypes: ['Ingress'] },
) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
})

interface Live extends VersionedObject {
  readonly metadata: VersionedObject['metadata'] & {
    readonly uid: string
    readonly managedFields: readonly { readonly manager: string; readonly operation: string }[]
  }
  readonly spec: object
}

async function create(name: string): Promise<Live> {
  const written = await writer.create(policies, policy(name))
  if (written.is !== 'written') throw new Error('not created')
  return written.object as Live
}

async function read(name: string): Promise<unknown> {
  const reply = await connection.request({ method: 'GET', path: pathOf(policies, { namespace, name }) })
  return reply.ok ? reply.body : undefined
}

describe('writing to the API server', () => {
  test('creates an object in the name of its field manager', async () => {
    const { metadata } = await create('new')
    expect(metadata.managedFields).toMatchObject([{ manager: 'tierwall', operation: 'Update' }])
  })

  test('says that an object exists already, and leaves it as it is', async () => {
    await create('taken')
    const again = await writer.create(policies, policy('taken', { podSelector: {}, policyTypes: ['Egress'] }))
    expect(again).toMatchObject({ is: 'exists', failure: { code: 409, reason: 'AlreadyExists' } })
    expect(await read('taken')).toMatchObject({ spec: { policyTypes: ['Ingress'] } })
  })

  test('sends what it is given: empty lists stay empty, and no field is dropped in silence', async () => {
    const ingress = [{ from: [{ podSelector: {} }], ports: [{ protocol: 'TCP', port: 80 }] }]
    const written = await writer.create(
      policies,
      policy('exact', { podSelector: {}, policyTypes: ['Ingress'], ingress }),
    )
    expect(written).toMatchObject({ is: 'written', object: { spec: { ingress } } })
    const misspelt = policy('misspelt', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ _from: [] }] })
    expect(await writer.create(policies, misspelt)).toMatchObject({
      is: 'failed',
      failure: { code: 400, message: expect.stringContaining('_from') },
    })
    expect(await read('misspelt')).toBeUndefined()
  })

  test('replaces an object of the version that was read', async () => {
    const live = await create('replaced')
    const next = { ...live, spec: { ...live.spec, policyTypes: ['Ingress', 'Egress'] } }
    expect(await writer.replace(policies, next)).toMatchObject({ is: 'written' })
    expect(await read('replaced')).toMatchObject({ spec: { policyTypes: ['Ingress', 'Egress'] } })
  })

  test('says that an object has changed since it was read, or is gone', async () => {
    const live = await create('contested')
    const changed: Live = { ...live, spec: { ...live.spec, policyTypes: ['Egress'] } }
    await writer.replace(policies, changed)
    expect(await writer.replace(policies, live)).toMatchObject({
      is: 'conflict',
      failure: { code: 409, reason: 'Conflict' },
    })
    expect(await read('contested')).toMatchObject({ spec: changed.spec })
    const { uid, ...metadata } = live.metadata
    const missing = { ...live, metadata: { ...metadata, name: 'never-was' } }
    expect(uid).toBeTruthy()
    expect(await writer.replace(policies, missing)).toMatchObject({ is: 'missing' })
  })

  test('does not write over an object that was made anew under the same name', async () => {
    const old = await create('reborn')
    await writer.remove(policies, old.metadata, old.metadata)
    await create('reborn')
    expect(await writer.replace(policies, old)).toMatchObject({ is: 'conflict' })
    expect(await writer.remove(policies, old.metadata, old.metadata)).toMatchObject({ is: 'conflict' })
    expect(await read('reborn')).toBeDefined()
  })

  test('removes the object that was read and no later version of it', async () => {
    const live = await create('removed')
    const next: Live = { ...live, spec: { ...live.spec, policyTypes: ['Egress'] } }
    const changed = await writer.replace(policies, next)
    expect(await writer.remove(policies, live.metadata, live.metadata)).toMatchObject({ is: 'conflict' })
    if (changed.is !== 'written') throw new Error('not changed')
    const { metadata } = changed.object as Live
    expect(await writer.remove(policies, metadata, metadata)).toMatchObject({ is: 'written' })
    expect(await read('removed')).toBeUndefined()
    expect(await writer.remove(policies, metadata, metadata)).toMatchObject({ is: 'missing' })
  })

  test('does not take a resource that is not served for an object that is missing', async () => {
    const place = { namespace, name: 'w' }
    expect(await writer.remove(widgets, place, { uid: 'u', resourceVersion: '1' })).toMatchObject({
      is: 'failed',
      failure: { code: 404 },
    })
  })

  test('patches the status alone, of one version where that is wanted', async () => {
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'status', namespace },
      spec: { maxUnavailable: 1 },
    }
    const created = await writer.create(budgets, budget)
    if (created.is !== 'written') throw new Error('not created')
    const status = {
      observedGeneration: 1,
      currentHealthy: 2,
      desiredHealthy: 1,
      disruptionsAllowed: 1,
      expectedPods: 2,
    }
    expect(await writer.patchStatus(budgets, budget, status)).toMatchObject({
      is: 'written',
      object: { status, spec: budget.spec },
    })
    const stale = created.object as VersionedObject
    expect(await writer.patchStatus(budgets, stale, { currentHealthy: 0 })).toMatchObject({ is: 'conflict' })
    const gone = { ...budget, metadata: { ...budget.metadata, name: 'gone' } }
    expect(await writer.patchStatus(budgets, gone, status)).toMatchObject({ is: 'missing' })
  })

  test('asks for everything and keeps nothing in a dry run', async () => {
    expect(await writer.create(policies, policy('dry'), { dryRun: true })).toMatchObject({ is: 'written' })
    expect(await read('dry')).toBeUndefined()
  })

  test('starts nothing once the right to write has run out', async () => {
    const live = await create('late')
    const limits = { notAfter: systemClock.monotonic() }
    const late = { is: 'failed', failure: { kind: 'late' } }
    expect(await writer.create(policies, policy('later'), limits)).toMatchObject(late)
    expect(await writer.replace(policies, live, limits)).toMatchObject(late)
    expect(await writer.remove(policies, live.metadata, live.metadata, limits)).toMatchObject(late)
    expect(await writer.patchStatus(policies, live, {}, limits)).toMatchObject(late)
    expect(await read('late')).toBeDefined()
  })
})
