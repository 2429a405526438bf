import { CoreV1Api, KubeConfig } from '@kubernetes/client-node'
import { expect } from 'vitest'
import { z } from 'zod'
import { connect } from '../../src/controlplane/client.ts'
import { advertisedAddress } from '../../src/controlplane/flags.ts'
import { until } from '../../src/controlplane/until.ts'
import { type SharedPlane, test } from './plane.ts'
import { readList } from './read.ts'

test('is the Kubernetes that controlplane/go.mod names', async ({ plane }) => {
  const { body } = await plane.request('GET', '/version')
  expect(body).toMatchObject({ major: '1', minor: '36', gitVersion: expect.stringMatching(/^v1\.36\.\d+$/) })
})

const containers = [{ name: 'web', image: 'web', ports: [{ containerPort: 80 }] }]
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers },
    },
  },
}
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ipFamilyPolicy: 'PreferDualStack' },
}

const pod = z.object({ metadata: z.object({ name: z.string() }), status: z.object({ phase: z.string() }) })
const slice = z.object({
  addressType: z.string(),
  endpoints: z.array(z.object({ addresses: z.array(z.string()) })).nullable(),
})

const podsOf = (plane: SharedPlane, namespace: string) => readList(plane, `/api/v1/namespaces/${namespace}/pods`, pod)

async function addressesOf(plane: SharedPlane, namespace: string): Promise<string[]> {
  const slices = await readList(plane, `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`, slice)
  return slices.flatMap(({ endpoints }) => endpoints?.flatMap(({ addresses }) => addresses) ?? [])
}

test('makes pods of a Deployment, which stay pending as there is no node', async ({ plane }) => {
  const namespace = await plane.makeNamespace()
  await plane.request('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, { body: deployment })
  await until('second pod', async () => (await podsOf(plane, namespace)).length === 2)
  const phases = (await podsOf(plane, namespace)).map(({ status }) => status.phase)
  expect(phases).toEqual(['Pending', 'Pending'])
})

test('makes EndpointSlices of a Service and of a pod that has a node and addresses', async ({ plane }) => {
  const namespace = await plane.makeNamespace()
  const pods = `/api/v1/namespaces/${namespace}/pods`
  await plane.request('POST', '/api/v1/nodes', { body: { metadata: { name: namespace } } })
  await plane.request('POST', `/api/v1/namespaces/${namespace}/services`, { body: service })
  await until('service account', async () => {
    const body = { metadata: { name: 'web', labels: { app: 'web' } }, spec: { nodeName: namespace, containers } }
    return (await plane.request('POST', pods, { body })).status === 201
  })
  await plane.request('PATCH', `${pods}/web/status`, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { status: { podIP: '10.0.0.5', podIPs: [{ ip: '10.0.0.5' }, { ip: 'fd00::5' }] } },
  })
  await until('endpoint of each family', async () => (await addressesOf(plane, namespace)).length === 2)
  expect((await addressesOf(plane, namespace)).sort()).toEqual(['10.0.0.5', 'fd00::5'])
})

test('takes a deleted namespace away with all that is in it', async ({ plane }) => {
  const namespace = await plane.makeNamespace()
  await plane.request('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, { body: deployment })
  await plane.request('DELETE', `/api/v1/namespaces/${namespace}`)
  await until('end of the namespace', async () => {
    return (await plane.request('GET', `/api/v1/namespaces/${namespace}`)).status === 404
  })
})

test('names its own endpoint, as the Service kubernetes has one in every cluster', async ({ plane }) => {
  expect(await addressesOf(plane, 'default')).toEqual([advertisedAddress])
})

test('knows a user by certificate and a service account by token, and lets them do what RBAC says', async ({
  plane,
}) => {
  const namespace = await plane.makeNamespace()
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`
  await plane.request('POST', accounts, { body: { metadata: { name: 'reader' } } })
  const subject = { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'shop:devs' }
  await plane.request('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
    body: {
      metadata: { name: 'devs' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      subjects: [subject],
    },
  })
  const ada = connect(plane.access, await plane.certificateFor({ user: 'ada', groups: ['shop:devs'] }))
  const reader = connect(plane.access, { token: await plane.tokenFor({ namespace, name: 'reader' }) })
  expect(await ada.request('GET', accounts)).toMatchObject({ status: 200 })
  expect(await ada.request('GET', '/api/v1/namespaces')).toMatchObject({ status: 403 })
  expect(await reader.request('GET', accounts)).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining(`system:serviceaccount:${namespace}:reader`) },
  })
  await Promise.all([ada.close(), reader.close()])
})

test('lets in whoever has one of its kubeconfigs', async ({ plane }) => {
  const certificate = await plane.certificateFor({ user: 'root', groups: ['system:masters'] })
  for (const identity of [certificate, { token: plane.access.token }]) {
    const config = new KubeConfig()
    config.loadFromString(plane.kubeconfigFor(identity))
    const { items } = await config.makeApiClient(CoreV1Api).listNamespace()
    expect(items.map(({ metadata }) => metadata?.name)).toContain('kube-system')
  }
})

test('asks a ValidatingAdmissionPolicy', async ({ plane }) => {
  const namespace = await plane.makeNamespace()
  const group = '/apis/admissionregistration.k8s.io/v1'
  const metadata = { name: namespace }
  const matched = { matchLabels: { 'kubernetes.io/metadata.name': namespace } }
  await plane.request('POST', `${group}/validatingadmissionpolicies`, {
    body: {
      metadata,
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'] }],
        },
        validations: [{ expression: "object.metadata.name != 'no'", message: 'not this one' }],
      },
    },
  })
  await plane.request('POST', `${group}/validatingadmissionpolicybindings`, {
    body: {
      metadata,
      spec: { policyName: namespace, validationActions: ['Deny'], matchResources: { namespaceSelector: matched } },
    },
  })
  const create = (name: string) =>
    plane.request('POST', `/api/v1/namespaces/${namespace}/configmaps?dryRun=All`, { body: { metadata: { name } } })
  await until('refusal', async () => (await create('no')).status === 422)
  expect(await create('no')).toMatchObject({ body: { message: expect.stringContaining('not this one') } })
  expect(await create('yes')).toMatchObject({ status: 201 })
})
