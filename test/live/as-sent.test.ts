/** What the server keeps of a policy that was sent: taken as it was sent only where nothing of it is otherwise. */
import { expect, test } from 'vitest'
import { readAsSent } from '../../src/live/as-sent.ts'
import { readSeenPolicy } from '../../src/live/seen-policy.ts'
import type { WirePolicy } from '../../src/policy/wire.ts'

const sent: WirePolicy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: {
    name: 'tierwall-web',
    namespace: 'shop',
    labels: { 'tierwall.dev/tier': 'web' },
    annotations: { 'tierwall.dev/because': 'tier: Deployment shop/web' },
  },
  spec: {
    podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] },
    ingress: [{ ports: [{ protocol: 'TCP', port: 80 }] }],
    policyTypes: ['Ingress', 'Egress'],
  },
}

const managedFields = [{ manager: 'tierwall', operation: 'Update', fieldsV1: { 'f:spec': {} } }]

const kept = (metadata: object = {}, spec: object = {}) => ({
  ...sent,
  metadata: { ...sent.metadata, uid: 'u', resourceVersion: '7', generation: 1, managedFields, ...metadata },
  spec: { ...sent.spec, ...spec },
})

test('a policy that is as it was sent is what reading it from the start gives, with the very spec that was sent', () => {
  const read = readAsSent(kept(), sent)
  const { spec, ...others } = readSeenPolicy(kept()) ?? { spec: undefined }
  expect(read).toEqual({ ...others, spec: sent.spec })
  expect(read?.spec).toBe(sent.spec)
  expect(JSON.parse(JSON.stringify(spec))).toMatchObject(JSON.parse(JSON.stringify(sent.spec)))
})

test.each([
  ['another name', { name: 'tierwall-api' }, {}],
  ['another namespace', { namespace: 'blog' }, {}],
  ['no uid', { uid: undefined }, {}],
  ['a label of somebody else’s', { labels: { ...sent.metadata.labels, team: 'a' } }, {}],
  ['a label less', { labels: {} }, {}],
  ['an annotation of somebody else’s', { annotations: { ...sent.metadata.annotations, note: 'b' } }, {}],
  ['a finalizer', { finalizers: ['example.com/keep'] }, {}],
  ['an owner', { ownerReferences: [{ kind: 'Deployment', name: 'web' }] }, {}],
  ['its deletion under way', { deletionTimestamp: '2026-01-01T00:00:00Z' }, {}],
  ['somebody else as its manager', { managedFields: [{ ...managedFields[0], manager: 'kubectl' }] }, {}],
  ['nobody as its manager', { managedFields: undefined }, {}],
  ['a manager of its status alone', { managedFields: [{ ...managedFields[0], subresource: 'status' }] }, {}],
  ['a manager of its labels alone', { managedFields: [{ ...managedFields[0], fieldsV1: { 'f:metadata': {} } }] }, {}],
  ['a rule more', {}, { egress: [{}] }],
  ['a rule less', {}, { ingress: undefined }],
  ['another port', {}, { ingress: [{ ports: [{ protocol: 'TCP', port: 81 }] }] }],
  ['other pods', {}, { podSelector: {} }],
  ['a field that nobody knows', {}, { ingress: [{ ports: [{ protocol: 'TCP', port: 80, name: 'x' }] }] }],
])('a policy with %s is read from the start', (_, metadata, spec) => {
  expect(readAsSent(JSON.parse(JSON.stringify(kept(metadata, spec))), sent)).toBeUndefined()
})

test.each([undefined, null, 'text', [], {}, { metadata: null }])('%j is no policy that was sent', json => {
  expect(readAsSent(json, sent)).toBeUndefined()
})
