/** What a second version of AppTier would take, with the definition that there is: decision 14. */
import { expect } from 'vitest'
import { z } from 'zod'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import type { ControlPlane } from '../../src/controlplane/index.ts'
import { test } from '../controlplane/plane.ts'
import { connectCluster, eventually, staysTrue } from './cluster.ts'
import { appTier, namespace, workload } from './objects.ts'
import { runOperator, shortLease } from './operator.ts'

const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/apptiers.tierwall.dev'
const shape = z.looseObject({ spec: z.looseObject({ versions: z.tuple([z.looseObject({ name: z.string() })]) }) })

type Served = Readonly<Record<'v1alpha1' | 'v1beta1', boolean>>

/** The same schema under both names, so that nobody has to convert anything. */
function withVersions(stored: keyof Served, served: Served): unknown {
  const made = shape.parse(makeCustomResourceDefinition())
  const [only] = made.spec.versions
  const versions = (['v1alpha1', 'v1beta1'] as const).map(name => ({
    ...only,
    name,
    served: served[name],
    storage: name === stored,
  }))
  return { ...made, spec: { ...made.spec, versions } }
}

async function define(plane: ControlPlane, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/apply-patch+yaml' }
  const path = `${definition}?fieldManager=person&force=true`
  const { status, body: answer } = await plane.request('PATCH', path, { headers, body })
  expect(status, JSON.stringify(answer)).toBeLessThan(300)
}

test('an AppTier can be stored as v1beta1 while the operator reads v1alpha1, and is held when that is served no more', async ({
  startPlane,
}) => {
  const plane = await startPlane()
  await define(plane, makeCustomResourceDefinition())
  const cluster = connectCluster(plane)
  const tiers = (version: string) => `/apis/tierwall.dev/${version}/namespaces/shop/apptiers`
  const asStored = async () => (await plane.request('GET', definition)).body
  const selector = { matchLabels: { app: 'db' } }
  await cluster.apply(namespace('shop'), workload('shop', 'web', { tier: 'web' }))
  await eventually(() => cluster.apply(appTier('shop', 'db', { selector })))
  const operator = runOperator(plane.access.kubeconfigFile, shortLease)
  try {
    await operator.ready()
    await cluster.expectSettled('shop')
    const before = await cluster.policies('shop')

    // The new version comes, and objects are stored by it as soon as they are written again.
    await define(plane, withVersions('v1beta1', { v1alpha1: true, v1beta1: true }))
    await eventually(async () => expect((await plane.request('GET', tiers('v1beta1'))).status).toBe(200))
    const { body: read } = await plane.request('GET', `${tiers('v1beta1')}/db`)
    expect((await plane.request('PUT', `${tiers('v1beta1')}/db`, { body: read })).status).toBe(200)
    expect(await asStored()).toMatchObject({ status: { storedVersions: ['v1alpha1', 'v1beta1'] } })
    const headers = { 'content-type': 'application/merge-patch+json' }
    const stored = { status: { storedVersions: ['v1beta1'] } }
    expect((await plane.request('PATCH', `${definition}/status`, { headers, body: stored })).status).toBe(200)
    await staysTrue(async () => expect(await cluster.policies('shop')).toEqual(before), 2_000)

    // What is said by the new version counts for an operator that knows only the old one.
    const body = { spec: { ports: [{ port: 5432 }] } }
    expect((await plane.request('PATCH', `${tiers('v1beta1')}/db`, { headers, body })).status).toBe(200)
    await eventually(async () => expect(JSON.stringify(await cluster.policies('shop'))).toContain('5432'))
    await cluster.expectSettled('shop')
    const settled = await cluster.policies('shop')

    // Too early: what an operator cannot read is no reason to open or to cut anything.
    await define(plane, withVersions('v1beta1', { v1alpha1: false, v1beta1: true }))
    await eventually(async () => expect((await plane.request('GET', tiers('v1alpha1'))).status).toBe(404))
    await staysTrue(async () => expect(await cluster.policies('shop')).toEqual(settled), 6_000)
    await define(plane, withVersions('v1beta1', { v1alpha1: true, v1beta1: true }))
    await cluster.remove('Deployment', 'shop', 'web')
    await eventually(async () => expect(JSON.stringify(await cluster.policies('shop'))).not.toContain('tierwall-web'))
    expect(JSON.stringify(await cluster.policies('shop'))).toContain('5432')
  } finally {
    await operator.stop()
  }
})
