import { expect } from 'vitest'
import { z } from 'zod'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import { type SharedPlane, test } from './plane.ts'
import { read } from './read.ts'

const appTiers = '/apis/tierwall.dev/v1alpha1'
const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/apptiers.tierwall.dev'

const conditions = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
})
const specOf = z.object({ spec: z.looseObject({ versions: z.array(z.looseObject({ schema: z.unknown() })) }) })

test('the definition of AppTier is established, and nothing of its schema is no structural schema', async ({
  plane,
}) => {
  const { status } = await read(plane, definition, conditions)
  expect(status.conditions.map(({ type, status }) => `${type}=${status}`).sort()).toEqual([
    'Established=True',
    'NamesAccepted=True',
  ])
})

test('the API server keeps every word of the schema', async ({ plane }) => {
  const [stored] = (await read(plane, definition, specOf)).spec.versions
  const [sent] = specOf.parse(makeCustomResourceDefinition()).spec.versions
  expect(stored?.schema).toEqual(sent?.schema)
})

test('kubectl finds AppTiers as tier and as tiers', async ({ plane }) => {
  const { body } = await plane.request('GET', appTiers)
  expect(body).toMatchObject({
    resources: expect.arrayContaining([
      expect.objectContaining({ name: 'apptiers', namespaced: true, shortNames: ['tier', 'tiers'] }),
      expect.objectContaining({ name: 'apptiers/status' }),
    ]),
  })
})

const status = {
  observedGeneration: 1,
  tier: 'db',
  app: 'shop',
  ports: '3306',
  workloadCount: 2,
  workloads: ['StatefulSet/mysql', 'Deployment/proxy'],
  policies: ['tierwall-shop.db'],
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      observedGeneration: 1,
      lastTransitionTime: '2026-01-01T00:00:00Z',
      reason: 'PoliciesApplied',
      message: 'all policies are as they should be',
    },
  ],
}

async function createAppTier(plane: SharedPlane, spec: unknown): Promise<string> {
  const namespace = await plane.makeNamespace()
  const body = { apiVersion: 'tierwall.dev/v1alpha1', kind: 'AppTier', metadata: { name: 'db' }, spec }
  const created = await plane.request('POST', `${appTiers}/namespaces/${namespace}/apptiers`, { body })
  expect(created).toMatchObject({ status: 201 })
  return `${appTiers}/namespaces/${namespace}/apptiers`
}

function writeStatus(plane: SharedPlane, path: string): ReturnType<SharedPlane['request']> {
  return plane.request('PATCH', `${path}/db/status`, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { status, spec: { tier: 'other' } },
  })
}

const table = z.object({
  columnDefinitions: z.array(z.object({ name: z.string(), priority: z.number() })),
  rows: z.array(z.object({ cells: z.array(z.unknown()) })),
})

test('`kubectl get tiers` prints Tier, App, Ports, Workloads, Ready and Age', async ({ plane }) => {
  const path = await createAppTier(plane, {})
  await writeStatus(plane, path)
  const { body } = await plane.request('GET', path, {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  })
  const { columnDefinitions, rows } = table.parse(body)
  const shown = columnDefinitions.filter(({ priority }) => priority === 0).map(({ name }) => name)
  expect(shown).toEqual(['Name', 'Tier', 'App', 'Ports', 'Workloads', 'Ready', 'Age'])
  expect(rows.map(({ cells }) => cells)).toEqual([
    ['db', 'db', 'shop', '3306', 2, 'True', expect.stringMatching(/^\d+s$/)],
  ])
})

test('a status is stored whole, and a write to it leaves the spec as it is', async ({ plane }) => {
  const path = await createAppTier(plane, { tier: 'db' })
  expect(await writeStatus(plane, path)).toMatchObject({ status: 200 })
  const { body } = await plane.request('GET', `${path}/db`)
  expect(body).toMatchObject({ status, spec: { tier: 'db' } })
})

test('a port is stored as it was written, and an unknown field is not stored', async ({ plane }) => {
  const path = await createAppTier(plane, { ports: [{ port: 80 }, { port: 'http', protocol: 'UDP' }], teir: 'web' })
  const { body } = await plane.request('GET', `${path}/db`)
  const ports = [{ port: 80 }, { port: 'http', protocol: 'UDP' }]
  expect(body).toHaveProperty('spec', { ports })
})
