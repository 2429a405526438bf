import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { root } from '../install/objects.ts'
import { eventually, type Json } from '../operator/cluster.ts'
import { withOperator } from '../operator/fixture.ts'
import { appTier, networkPolicy, workload } from '../operator/objects.ts'
import { type Health, judgeHealth } from './health.ts'
import { findProgram, lua } from './programs.ts'

const given = withOperator()
const script = readFileSync(join(root, 'config/argocd/health.lua'), 'utf8')

let judge: (object: unknown) => Promise<Health>
beforeAll(async () => {
  const found = await findProgram(lua)
  if ('folder' in found) judge = object => judgeHealth(join(found.folder, 'glua'), script, object)
}, 20 * 60_000)

const shape = z.looseObject({
  metadata: z.looseObject({ generation: z.number() }),
  status: z.looseObject({
    observedGeneration: z.number(),
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string(), reason: z.string() })),
  }),
})

/** Until the operator has written the reason. */
async function waitForReady(space: string, reason: string): Promise<Json> {
  return eventually(async () => {
    const found = await given.cluster.get('AppTier', space, 'db')
    const { metadata, status } = shape.parse(found)
    expect(status.observedGeneration).toBe(metadata.generation)
    expect(status.conditions.find(({ type }) => type === 'Ready')?.reason).toBe(reason)
    if (!found) throw new Error('it is gone')
    return found
  })
}

/** No controller of the plane counts quotas, so this one says itself what is used. */
async function forbidPolicies(space: string): Promise<void> {
  const quotas = `/api/v1/namespaces/${space}/resourcequotas`
  const none = { 'count/networkpolicies.networking.k8s.io': '0' }
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none' }, spec: { hard: none } }
  await given.plane.request('POST', quotas, { body: quota })
  const body = { ...quota, status: { hard: none, used: none } }
  await given.plane.request('PUT', `${quotas}/none/status`, { body })
  await eventually(async () => {
    const path = `/apis/networking.k8s.io/v1/namespaces/${space}/networkpolicies?dryRun=All`
    const answer = await given.plane.request('POST', path, { body: networkPolicy(space, 'any', { podSelector: {} }) })
    expect(answer.status).toBe(403)
  })
}

const judged = async (space: string, reason: string) => judge(await waitForReady(space, reason))

const pods = { selector: { matchLabels: { app: 'db' } } }

describe('Argo CD calls an AppTier', () => {
  test('Healthy where its policies are in force', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(workload(space, 'api', { tier: 'api' }), appTier(space, 'db', pods))
    expect(await judged(space, 'Enforced')).toEqual({
      status: 'Healthy',
      message: '1 policy is in force, for pods that no workload makes yet',
    })
  })

  test('Healthy where it has no workload yet', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(appTier(space, 'db'))
    const message = expect.stringMatching(/^No workload of /)
    expect(await judged(space, 'NoWorkloads')).toEqual({ status: 'Healthy', message })
  })

  test('Healthy where it names a peer that is not there, and names it as well', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(appTier(space, 'db', { ...pods, from: [{ tier: 'reports' }] }))
    const message = expect.stringMatching(/^1 policy is in force.*\. .*reports/)
    expect(await judged(space, 'Enforced')).toEqual({ status: 'Healthy', message })
  })

  test('Healthy in a namespace in audit, and says that nothing is enforced', async () => {
    const space = await given.makeNamespace({ isolation: 'audit' })
    await given.cluster.apply(appTier(space, 'db', pods))
    const message = expect.stringMatching(/^Nothing is enforced: /)
    expect(await judged(space, 'Audit')).toEqual({ status: 'Healthy', message })
  })

  test('Degraded where its spec is wrong, with what to do', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(appTier(space, 'db', { ...pods, tier: 'cache', from: [{ tier: 'api' }] }))
    const message = expect.stringContaining('spec.from')
    expect(await judged(space, 'PortsMissing')).toEqual({ status: 'Degraded', message })
  })

  test('Degraded where somebody else holds the name of its policy', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(networkPolicy(space, 'tierwall-db.apptier', { podSelector: {} }))
    await given.cluster.apply(appTier(space, 'db', pods))
    const message = expect.stringContaining('tierwall-db.apptier')
    expect(await judged(space, 'Conflict')).toEqual({ status: 'Degraded', message })
  })

  test('Progressing while its policies cannot be written', async () => {
    const space = await given.makeNamespace()
    await forbidPolicies(space)
    await given.cluster.apply(appTier(space, 'db', pods))
    const message = expect.stringContaining('NetworkPolicy tierwall-db.apptier')
    expect(await judged(space, 'WriteFailed')).toEqual({ status: 'Progressing', message })
  })

  test('Progressing while the operator has not looked at it, or not at its latest change', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(appTier(space, 'db', pods))
    await waitForReady(space, 'Enforced')
    await given.operator().stop()
    await given.cluster.apply(appTier(space, 'db', { ...pods, ports: [{ port: 5432 }] }), appTier(space, 'other', pods))
    expect(await judge(await given.cluster.get('AppTier', space, 'db'))).toEqual({
      status: 'Progressing',
      message: 'Tierwall has not looked at the latest change yet',
    })
    const fresh = await given.cluster.get('AppTier', space, 'other')
    const unseen = { status: 'Progressing', message: 'Tierwall has not looked at it yet' }
    expect(await judge(fresh)).toEqual(unseen)
    expect(await judge({ ...fresh, status: undefined })).toEqual(unseen)
  })
})
