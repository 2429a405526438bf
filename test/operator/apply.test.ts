import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWriter } from '../../src/cluster/apply.ts'
import { type Connection, connectTo } from '../../src/cluster/connect/index.ts'
import { pathOf } from '../../src/cluster/resource.ts'
import { resources } from '../../src/live/resources.ts'
import { fieldManager, readSeenPolicy, type SeenPolicy } from '../../src/live/seen-policy.ts'
import { type Applied, createApply } from '../../src/operator/apply.ts'
import type { Step } from '../../src/plan/index.ts'
import type { WirePolicy } from '../../src/policy/wire.ts'
import { given } from '../cluster/given.ts'
import { describe, makeName, plane, targetAt } from '../cluster/plane.ts'
import { networkPolicy } from './objects.ts'

let connection: Connection
const namespace = makeName('apply')

beforeAll(async () => {
  connection = connectTo(targetAt(plane.url), { ...given(), userAgent: 'tierwall/test' })
  await connection.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } })
})
afterAll(async () => {
  await connection.close()
})

/** As the watch told of it a moment ago. */
async function written(name: string, manager: string): Promise<SeenPolicy> {
  const body = networkPolicy(namespace, name, { podSelector: { matchLabels: { app: 'web' } } })
  const path = pathOf(resources.networkPolicies, { namespace })
  const reply = await connection.request({ method: 'POST', path, body, query: { fieldManager: manager } })
  const seen = reply.ok ? readSeenPolicy(reply.body) : undefined
  if (!seen) throw new Error(`${name} was not written`)
  return seen
}

async function readBack(name: string): Promise<SeenPolicy | undefined> {
  const reply = await connection.request({
    method: 'GET',
    path: pathOf(resources.networkPolicies, { namespace, name }),
  })
  return reply.ok ? readSeenPolicy(reply.body) : undefined
}

const closed = (name: string): WirePolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace, labels: {}, annotations: {} },
  spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
})

/** What was sent and what was answered, one after the other. */
let traffic: string[] = []

function apply(step: Step, live: SeenPolicy | undefined): Promise<Applied> {
  traffic = []
  const run = createApply({
    writer: createWriter({ send: connection.request, fieldManager }),
    log: given().log,
    concurrency: 1,
    mayWriteUntil: () => Number.POSITIVE_INFINITY,
    find: () => live,
    onSent: ({ metadata }) => {
      traffic.push(`${metadata.name} sent`)
      return () => traffic.push(`${metadata.name} answered`)
    },
    onWritten: () => {},
    onDeleted: () => {},
  })
  return run({ close: [], open: [step], tidy: [] }, () => {})
}

describe('a step that was planned for a policy of ours', () => {
  const steps: readonly [string, (name: string) => Step][] = [
    ['create', name => ({ verb: 'create', namespace, name, policy: closed(name), rank: 1 })],
    ['replace', name => ({ verb: 'replace', namespace, name, policy: closed(name), rank: 1 })],
    ['delete', name => ({ verb: 'delete', namespace, name, rank: 1 })],
  ]

  test.each(steps)('does not %s what somebody else has written under its name since', async (verb, step) => {
    const name = `tierwall-${verb}-theirs`
    const theirs = await written(name, 'kubectl')
    const { misses, givenUp } = await apply(step(name), theirs)
    expect([misses.get(namespace)?.is, givenUp]).toEqual(['outdated', true])
    expect(await readBack(name)).toEqual(theirs)
  })

  test('does not bring back at once what was deleted since: a name rests before it is used again', async () => {
    const name = 'tierwall-gone'
    const { misses, givenUp } = await apply(
      { verb: 'replace', namespace, name, policy: closed(name), rank: 1 },
      undefined,
    )
    expect([misses.get(namespace)?.is, givenUp]).toEqual(['outdated', true])
    expect(await readBack(name)).toBeUndefined()
  })

  test('is taken where it is still ours', async () => {
    const name = 'tierwall-ours'
    const ours = await written(name, fieldManager)
    const { misses } = await apply({ verb: 'replace', namespace, name, policy: closed(name), rank: 1 }, ours)
    expect(misses.size).toBe(0)
    expect((await readBack(name))?.spec.podSelector).toEqual({})
    expect(traffic).toEqual([`${name} sent`, `${name} answered`])
  })

  test('is on its way no more once it was refused', async () => {
    const name = 'tierwall-refused'
    await written(name, fieldManager)
    const { misses } = await apply({ verb: 'create', namespace, name, policy: closed(name), rank: 1 }, undefined)
    expect(misses.get(namespace)?.is).toBe('outdated')
    expect(traffic).toEqual([`${name} sent`, `${name} answered`])
  })
})
