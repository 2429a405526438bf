import { describe, expect } from 'vitest'
import { makeReservedPolicies } from '../../src/api/admission/index.ts'
import { type Client, connect } from '../../src/controlplane/client.ts'
import { operatorName, operatorNamespace } from '../../src/install/names.ts'
import { type Guarded, sentenceOf, testUnder, type Verdict, verdictOf } from './admission-policies.ts'

/** All of these may write NetworkPolicies by RBAC: what is refused is refused by the policy. */
const writers = 'may-write-policies'
const user = 'admin-of-the-cloud'
const serviceAccount = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`
const allowed = [
  serviceAccount(operatorNamespace, operatorName),
  serviceAccount('kube-system', 'namespace-controller'),
  serviceAccount('kube-system', 'generic-garbage-collector'),
  'system:kube-controller-manager',
]
const refused = [
  user,
  serviceAccount(operatorNamespace, 'default'),
  serviceAccount('default', operatorName),
  serviceAccount('kube-system', 'deployment-controller'),
]

const test = testUnder(makeReservedPolicies(), async guarded => {
  await allowWriters(guarded)
  const request = await become(guarded, user)
  return sentenceOf(await request('POST', '?dryRun=All', makePolicy('tierwall-web'))) !== undefined
}).extend<{ readonly policy: string }>({
  policy: async ({ guarded: { plane, namespace } }, use) => {
    const name = `tierwall-${crypto.randomUUID()}`
    expect(await plane.request('POST', policies(namespace), { body: makePolicy(name) })).toMatchObject({ status: 201 })
    await use(name)
  },
})

async function allowWriters({ plane, namespace }: Guarded): Promise<void> {
  const body = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: writers },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: writers }],
  }
  await plane.request('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, { body })
}

const policies = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`
const ours = { 'app.kubernetes.io/managed-by': 'tierwall' }

function makePolicy(name: string, labels: Readonly<Record<string, string>> = ours) {
  const spec = { podSelector: {}, policyTypes: ['Ingress'] }
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, labels }, spec }
}

type Request = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<Verdict>

const clients = new Map<string, Promise<Client>>()

/** `path` goes behind the namespace's policies. */
async function become(
  { plane, namespace }: Guarded,
  user: string,
  groups: readonly string[] = [writers],
): Promise<Request> {
  const client = clients.get(user) ?? plane.certificateFor({ user, groups }).then(one => connect(plane.access, one))
  clients.set(user, client)
  const { request } = await client
  return async (method, path, body) => {
    const headers: Record<string, string> = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}
    return verdictOf(await request(method, policies(namespace) + path, { headers, body }))
  }
}

/** Tried only, so that each can be tried on the same policy. */
const changes: readonly (readonly [string, 'POST' | 'PATCH' | 'DELETE', (name: string) => string, unknown?])[] = [
  ['make one', 'POST', () => '?dryRun=All', makePolicy('tierwall-other')],
  ['change one', 'PATCH', name => `/${name}?dryRun=All`, { spec: { policyTypes: ['Egress'] } }],
  ['annotate one', 'PATCH', name => `/${name}?dryRun=All`, { metadata: { annotations: { note: 'a' } } }],
  ['take its label away', 'PATCH', name => `/${name}?dryRun=All`, { metadata: { labels: null } }],
  ['take away whose it is', 'PATCH', name => `/${name}?dryRun=All`, { metadata: { managedFields: [{}] } }],
  ['delete one', 'DELETE', name => `/${name}?dryRun=All`],
  ['delete all', 'DELETE', () => '?dryRun=All'],
]

test.for(refused)('%s may not make, change or delete one', async (who, { guarded, policy }) => {
  const request = await become(guarded, who)
  for (const [what, method, path, body] of changes)
    expect(await request(method, path(policy), body), what).toMatchObject({
      status: 403,
      refused: expect.stringMatching(
        /tierwall-.* is written by Tierwall: only .*:tierwall-operator .*; change the annot/,
      ),
    })
})

test.for([...allowed, 'root'])('%s may', async (who, { guarded, policy }) => {
  const request = await become(guarded, who, who === 'root' ? ['system:masters'] : [writers])
  for (const [what, method, path, body] of changes)
    expect(await request(method, path(policy), body), what).toHaveProperty('accepted')
})

test('a sentence says how the reservation is taken away', async ({ guarded, policy }) => {
  const request = await become(guarded, user)
  expect(await request('DELETE', `/${policy}`)).toMatchObject({
    refused: expect.stringContaining('kubectl delete validatingadmissionpolicybinding tierwall-reserved'),
  })
})

test('what is written as it was is no change', async ({ guarded, policy }) => {
  const request = await become(guarded, user)
  const read = await request('GET', `/${policy}`)
  expect(await request('PUT', `/${policy}`, 'accepted' in read ? read.accepted : undefined)).toHaveProperty('accepted')
})

describe('policies of others are theirs', () => {
  const theirs = {
    'with our prefix alone': makePolicy('tierwall-like', {}),
    'with our label alone': makePolicy('copy-of-tierwall-web'),
    'with neither': makePolicy('shop', {}),
  }
  test.for(Object.entries(theirs))('%s', async ([, policy], { guarded }) => {
    const request = await become(guarded, user)
    const path = `/${policy.metadata.name}`
    expect(await request('POST', '', policy)).toHaveProperty('accepted')
    expect(await request('PATCH', path, { spec: { policyTypes: ['Egress'] } })).toHaveProperty('accepted')
    expect(await request('DELETE', path)).toHaveProperty('accepted')
  })

  test('and may not become ours', async ({ guarded }) => {
    const request = await become(guarded, user)
    expect(await request('POST', '', makePolicy('tierwall-mine', {}))).toHaveProperty('accepted')
    expect(await request('PATCH', '/tierwall-mine', { metadata: { labels: ours } })).toMatchObject({ status: 403 })
  })
})
