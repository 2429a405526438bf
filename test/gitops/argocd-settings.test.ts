import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { stringify } from 'yaml'
import { needKubectl, outputOf } from '../install/kubectl.ts'
import { readObjects, root } from '../install/objects.ts'
import type { Json } from '../operator/cluster.ts'
import { withOperator } from '../operator/fixture.ts'
import { appTier, workload } from '../operator/objects.ts'

const given = withOperator()
const folder = join(root, 'config/argocd')

test.each([
  ['no namespace yet', {}],
  ['its namespace', { namespace: 'argocd' }],
])('config/argocd adds the health check to an argocd-cm in %s, and nothing else', async (_, where) => {
  const kubectl = await needKubectl(note => {
    throw new Error(note)
  })
  const overlay = mkdtempSync(join(tmpdir(), 'tierwall-argocd-'))
  onTestFinished(() => rmSync(overlay, { recursive: true }))
  cpSync(folder, join(overlay, 'argocd'), { recursive: true })
  const metadata = { name: 'argocd-cm', ...where }
  const before = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'exec.enabled': 'false' } }
  writeFileSync(join(overlay, 'argocd-cm.yaml'), stringify(before))
  const resources = { resources: ['argocd-cm.yaml'], components: ['argocd'] }
  writeFileSync(join(overlay, 'kustomization.yaml'), stringify(resources))
  const data = {
    'exec.enabled': 'false',
    'resource.customizations.health.tierwall.dev_AppTier': readFileSync(join(folder, 'health.lua'), 'utf8'),
  }
  expect(readObjects(await outputOf(kubectl('kustomize', overlay)))).toEqual([{ ...before, data }])
})

test('the API server adds nothing to an AppTier that Argo CD, which compares lists as a whole, would take for drift', async () => {
  const space = await given.makeNamespace()
  const ports = [{ port: 3306 }, { port: 8000, endPort: 8010 }, { port: 'dns', protocol: 'UDP' }]
  const peers = [{ tier: 'api', ports }, { sameNamespace: true }, { podSelector: { matchLabels: { a: 'b' } } }]
  const inGit = appTier(space, 'db', { ports, from: peers, to: peers })
  await given.cluster.apply(inGit)
  expect((await given.cluster.get('AppTier', space, 'db'))?.spec).toEqual(inGit.spec)
})

/** What Argo CD and Flux put on what they apply, by which they know it again. */
const labels = {
  'app.kubernetes.io/instance': 'shop',
  'argocd.argoproj.io/instance': 'shop',
  'kustomize.toolkit.fluxcd.io/name': 'shop',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
}
const annotations = { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' }

const mark = (object: Json): Json => ({
  ...object,
  metadata: {
    ...object.metadata,
    labels: { ...Object(object.metadata.labels), ...labels },
    annotations: { ...Object(object.metadata.annotations), ...annotations },
  },
})

test('policies carry no mark by which Argo CD or Flux know their own, whatever their workloads and AppTiers carry', async () => {
  const space = await given.makeNamespace()
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: space } }
  const db = appTier(space, 'db', { selector: { matchLabels: { app: 'db' } } })
  await given.cluster.apply(...[namespace, workload(space, 'web', { tier: 'web' }), db].map(mark))
  await given.cluster.expectSettled(space)
  const policies = await given.cluster.policies(space)
  expect(policies).toHaveLength(4)
  for (const { metadata } of policies) {
    for (const label of Object.keys(labels)) expect(metadata.labels).not.toHaveProperty([label])
    for (const annotation of Object.keys(annotations)) expect(metadata.annotations).not.toHaveProperty([annotation])
    expect(metadata).not.toHaveProperty('ownerReferences')
  }
})
