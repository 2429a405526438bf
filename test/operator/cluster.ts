/** A control plane as the tests of the operator use it: objects in and out as JSON, and waiting for what must come. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { z } from 'zod'
import { defaultConfiguration } from '../../src/api/configuration.ts'
import { type KubernetesObject, readerOf } from '../../src/api/kubernetes.ts'
import type { Client } from '../../src/controlplane/client.ts'
import { decide, desiredPolicies } from '../../src/engine.ts'
import { readList } from '../controlplane/read.ts'

const shape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})
export type Json = z.infer<typeof shape>

const policyShape = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    annotations: z.record(z.string(), z.string()).default({}),
    managedFields: z.array(z.looseObject({ manager: z.string().default('') })).default([]),
  }),
  spec: z.looseObject({}),
})
export type Policy = z.infer<typeof policyShape>

const list = z.object({ items: z.array(z.looseObject({})).nullable() })

const plurals: Readonly<Record<string, { readonly root: string; readonly namespaced: boolean }>> = {
  Namespace: { root: '/api/v1/namespaces', namespaced: false },
  Service: { root: '/api/v1/services', namespaced: true },
  ConfigMap: { root: '/api/v1/configmaps', namespaced: true },
  Deployment: { root: '/apis/apps/v1/deployments', namespaced: true },
  StatefulSet: { root: '/apis/apps/v1/statefulsets', namespaced: true },
  DaemonSet: { root: '/apis/apps/v1/daemonsets', namespaced: true },
  NetworkPolicy: { root: '/apis/networking.k8s.io/v1/networkpolicies', namespaced: true },
  AppTier: { root: '/apis/tierwall.dev/v1alpha1/apptiers', namespaced: true },
  EndpointSlice: { root: '/apis/discovery.k8s.io/v1/endpointslices', namespaced: true },
}

export function pathOf(kind: string, namespace?: string, name?: string): string {
  const known = plurals[kind]
  if (!known) throw new Error(`no test speaks of ${kind} yet`)
  const at = known.root.lastIndexOf('/')
  const scope = known.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : ''
  return `${known.root.slice(0, at)}${scope}${known.root.slice(at)}${name === undefined ? '' : `/${name}`}`
}

export interface Cluster {
  readonly client: Client
  /** As a person with `kubectl apply --server-side`: what they said before and say no more goes. */
  readonly apply: (...objects: readonly unknown[]) => Promise<void>
  readonly patch: (kind: string, namespace: string, name: string, change: unknown) => Promise<void>
  readonly remove: (kind: string, namespace: string, name: string) => Promise<void>
  readonly get: (kind: string, namespace: string, name: string) => Promise<Json | undefined>
  readonly policies: (namespace: string) => Promise<readonly Policy[]>
  /** What `render` gives for what stands in the cluster. */
  readonly rendered: (...namespaces: readonly string[]) => Promise<readonly string[]>
  readonly expectSettled: (...namespaces: readonly string[]) => Promise<void>
}

export function connectCluster(client: Client): Cluster {
  const request = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, type?: string) => {
    const headers = type === undefined ? {} : { 'content-type': type }
    return client.request(method, path, { body, headers })
  }
  const policies = async (namespace: string) =>
    (await readList(client, pathOf('NetworkPolicy', namespace), policyShape)).toSorted((a, b) =>
      a.metadata.name < b.metadata.name ? -1 : 1,
    )
  const rendered = async (...namespaces: readonly string[]) => {
    const objects: KubernetesObject[] = []
    for (const kind of ['Namespace', 'Deployment', 'StatefulSet', 'DaemonSet', 'AppTier', 'Service', 'EndpointSlice']) {
      const { apiVersion } = kinds(kind)
      const reader = readerOf(apiVersion, kind)
      const answer = await request('GET', pathOf(kind))
      const found = answer.status === 200 ? (list.parse(answer.body).items ?? []) : []
      for (const item of found) {
        const read = reader?.({ ...item, apiVersion, kind })
        if (read?.success) objects.push(read.data)
      }
    }
    return desiredPolicies(decide(objects, defaultConfiguration))
      .map(({ policy }) => policy)
      .filter(({ metadata }) => namespaces.includes(metadata.namespace))
      .map(writePolicy)
      .sort()
  }
  return {
    client,
    policies,
    rendered,
    async apply(...objects) {
      for (const object of objects) {
        const { kind, metadata } = shape.parse(object)
        const path = `${pathOf(kind, metadata.namespace, metadata.name)}?fieldManager=person&force=true`
        const { status, body } = await request('PATCH', path, object, 'application/apply-patch+yaml')
        if (status > 201) throw new Error(`${kind} ${metadata.name}: ${status} ${JSON.stringify(body)}`)
      }
    },
    async patch(kind, namespace, name, change) {
      const path = `${pathOf(kind, namespace, name)}?fieldManager=person`
      const { status, body } = await request('PATCH', path, change, 'application/merge-patch+json')
      if (status !== 200) throw new Error(`${kind} ${name}: ${status} ${JSON.stringify(body)}`)
    },
    async remove(kind, namespace, name) {
      const { status, body } = await request('DELETE', pathOf(kind, namespace, name))
      if (status !== 200 && status !== 202) throw new Error(`${kind} ${name}: ${status} ${JSON.stringify(body)}`)
    },
    async get(kind, namespace, name) {
      const { status, body } = await request('GET', pathOf(kind, namespace, name))
      return status === 200 ? shape.parse(body) : undefined
    },
    async expectSettled(...namespaces) {
      await eventually(async () => {
        const live = (await Promise.all(namespaces.map(policies))).flat()
        const ours = live.filter(({ metadata }) => isOurs(metadata.managedFields))
        expect(ours.map(writePolicy).sort()).toEqual(await rendered(...namespaces))
      })
    },
  }
}

const kinds = (kind: string): { readonly apiVersion: string } => {
  const steps = (plurals[kind]?.root ?? '').split('/').slice(2, -1)
  return { apiVersion: steps.join('/') }
}

const isOurs = (fields: readonly { readonly manager: string }[]) => fields.some(({ manager }) => manager === 'tierwall')

/** Name, labels, annotations and spec with sorted keys, in one text. */
export function writePolicy({ metadata, spec }: { readonly metadata: object; readonly spec: object }): string {
  const { name, namespace, labels, annotations } = policyMeta.parse(metadata)
  return JSON.stringify(sortKeys({ name, namespace, labels, annotations, spec }))
}

const texts = z.record(z.string(), z.string())
const policyMeta = z.object({ name: z.string(), namespace: z.string(), labels: texts, annotations: texts })

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  )
}

/** Until it holds; what it said last is what is thrown when it never does. */
export async function eventually<T>(check: () => Promise<T> | T, ms = 30_000): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > end) throw error
    }
    await sleep(25)
  }
}

/** That it goes on holding for so long. */
export async function staysTrue(check: () => Promise<void> | void, ms: number): Promise<void> {
  const end = performance.now() + ms
  while (performance.now() < end) {
    await check()
    await sleep(50)
  }
}
