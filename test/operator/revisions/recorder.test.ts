import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { makeCustomResourceDefinition } from '../../../src/api/crd.ts'
import { until } from '../../../src/controlplane/until.ts'
import { test } from '../../controlplane/plane.ts'
import { startRecorder } from './recorder.ts'

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const policies = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`

describe('a recorder', () => {
  test('keeps every revision of every resource, in one order', async ({ plane }) => {
    const namespace = await plane.makeNamespace()
    const recorder = await startRecorder(plane.access, { namespaces: [namespace] })
    const label = (value: string) => ({ metadata: { labels: { step: value } } })
    const patch = { 'content-type': 'application/merge-patch+json' }
    const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'one' }, spec: {} }
    await plane.request('POST', policies(namespace), { body: policy })
    for (let step = 0; step < 20; step++) {
      const [path, body] =
        step % 2 === 0
          ? [`/api/v1/namespaces/${namespace}`, label(`${step}`)]
          : [`${policies(namespace)}/one`, label(`${step}`)]
      await plane.request('PATCH', path, { body, headers: patch })
    }
    await plane.request('DELETE', `${policies(namespace)}/one`)
    const { since, until, initial, events } = await recorder.stop()

    expect(initial.filter(({ kind }) => kind === 'Namespace').map(({ name }) => name)).toContain(namespace)
    const revisions = events.map(({ revision }) => revision)
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
    expect(revisions[0]).toBeGreaterThan(since)
    expect(revisions.at(-1)).toBeLessThan(until)
    const own = events.filter(({ object }) => object.kind === 'NetworkPolicy' || object.name === namespace)
    expect(own.map(({ object, deleted }) => `${object.kind}${deleted ? ' gone' : ''}`)).toEqual([
      'NetworkPolicy',
      ...Array.from({ length: 10 }, () => ['Namespace', 'NetworkPolicy']).flat(),
      'NetworkPolicy gone',
    ])
  })

  test('sees what happened before it was started, from a revision on that it is given', async ({ plane }) => {
    const first = await plane.makeNamespace()
    const { since } = (await (await startRecorder(plane.access, { namespaces: [first] })).stop()) ?? {}
    const path = `/api/v1/namespaces/${first}`
    const headers = { 'content-type': 'application/merge-patch+json' }
    await plane.request('PATCH', path, { body: { metadata: { labels: { late: 'yes' } } }, headers })
    const { events } = await (await startRecorder(plane.access, { namespaces: [first], since })).stop()
    expect(JSON.stringify(events.map(({ object }) => object.json))).toContain('"late":"yes"')
  })

  test('goes on where the server ends a watch', async ({ startPlane }) => {
    const plane = await startPlane({ serverFlags: ['--min-request-timeout=1'] })
    const recorder = await startRecorder(plane.access)
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(letter => `made-${letter}`)
    for (const name of names) {
      const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }
      await plane.request('POST', '/api/v1/namespaces', { body })
      await sleep(500)
    }
    const { events } = await recorder.stop()
    const made = events.filter(({ object }) => object.name.startsWith('made-')).map(({ object }) => object.name)
    expect([...new Set(made)]).toEqual(names)
  })

  test('takes in a resource that is served only later, goes away and comes back', async ({ startPlane }) => {
    const plane = await startPlane()
    const recorder = await startRecorder(plane.access)
    const tiers = '/apis/tierwall.dev/v1alpha1/namespaces/default/apptiers'
    const isServed = async () => (await plane.request('GET', tiers)).status === 200
    for (const name of ['first', 'second']) {
      await plane.request('POST', definitions, { body: makeCustomResourceDefinition() })
      await until('list of AppTiers', isServed)
      const body = { apiVersion: 'tierwall.dev/v1alpha1', kind: 'AppTier', metadata: { name }, spec: { tier: 'web' } }
      await until('AppTier', async () => (await plane.request('POST', tiers, { body })).status === 201)
      // What comes and goes before the first look at a resource that is served anew leaves no trace.
      await until('sight of it', async () => recorder.peek().events.some(({ object }) => object.name === name))
      await plane.request('DELETE', `${definitions}/apptiers.tierwall.dev`)
      await until('end of AppTiers', async () => (await plane.request('GET', tiers)).status === 404)
    }
    const { events } = await recorder.stop()
    const seen = events.filter(({ object }) => object.kind === 'AppTier')
    expect(seen.filter(({ deleted }) => !deleted).map(({ object }) => object.name)).toEqual(['first', 'second'])
  })

  test('finds every revision of what changed before it could watch', async ({ startPlane }) => {
    const plane = await startPlane()
    const { until: since } = await (await startRecorder(plane.access)).stop()
    const tiers = '/apis/tierwall.dev/v1alpha1/namespaces/default/apptiers'
    const make = (name: string) => ({
      apiVersion: 'tierwall.dev/v1alpha1',
      kind: 'AppTier',
      metadata: { name },
      spec: { tier: 'web' },
    })
    const headers = { 'content-type': 'application/merge-patch+json' }
    await plane.request('POST', definitions, { body: makeCustomResourceDefinition() })
    await until('AppTier', async () => (await plane.request('POST', tiers, { body: make('one') })).status === 201)
    await plane.request('PATCH', `${tiers}/one`, { headers, body: { spec: { tier: 'api' } } })
    await plane.request('POST', tiers, { body: make('two') })
    await plane.request('PATCH', `${tiers}/one/status`, { headers, body: { status: { observedGeneration: 2 } } })
    const { events } = await (await startRecorder(plane.access, { since })).stop()
    const seen = events.filter(({ object }) => object.kind === 'AppTier')
    expect(seen.map(({ object }) => object.name)).toEqual(['one', 'one', 'two', 'one'])
  })
})
