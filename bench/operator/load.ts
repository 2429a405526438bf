/** What users do in the measurement: namespaces and Deployments, and waiting for the policies. */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { z } from 'zod'
import type { Access } from '../../src/controlplane/client.ts'
import type { ControlPlane } from '../../src/controlplane/index.ts'

/** As many writers as a busy pipeline has. */
const writers = 8

export async function makeNamespaces(plane: ControlPlane, prefix: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`)
  await eachOf(names, async name => {
    await plane.request('POST', '/api/v1/namespaces', {
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    })
  })
  return names
}

const emptyList = z.object({ items: z.array(z.unknown()).length(0) })

/** All that was measured, and what controllers made of it: taking it away must not be measured with what comes next. */
export async function emptyNamespaces(plane: ControlPlane, names: readonly string[]): Promise<void> {
  await eachOf(names, async name => {
    await plane.request('DELETE', `/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`)
    await plane.request('DELETE', `/apis/apps/v1/namespaces/${name}/deployments`)
  })
  for (let tries = 0; tries < 600; tries++) {
    const { body } = await plane.request('GET', '/apis/apps/v1/replicasets?limit=1')
    if (emptyList.safeParse(body).success) return
    await sleep(200)
  }
  throw new Error('the ReplicaSets of what was deleted do not go')
}

/** Annotated for whoever reads it: what the API server has to keep and to tell is the same for all. */
export async function createDeployment(plane: ControlPlane, namespace: string, name: string): Promise<void> {
  const labels = { app: name }
  const annotations = {
    'tierwall.dev/tier': name,
    'tierwall.dev/ports': '8080',
    'tierwall.dev/allow-from': 'anywhere',
  }
  const { status } = await plane.request('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, annotations },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example.com/none:1' }] } },
      },
    },
  })
  if (status !== 201) throw new Error(`Deployment ${namespace}/${name}: ${status}`)
}

export async function eachOf<T>(all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  const left = [...all]
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await run(next)
  }
  await Promise.all(Array.from({ length: writers }, work))
}

/** Counts the policies as they come, by a watch of its own. */
export async function watchPolicies({ url, ca, token }: Access, prefix: string) {
  const dispatcher = new Agent({ connect: { ca }, bodyTimeout: 0 })
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
  const path = '/apis/networking.k8s.io/v1/networkpolicies'
  const list = JSON.parse(await (await request(url + path, { dispatcher, headers })).body.text())
  const names = new Set<string>()
  let events = 0
  let waiting: { readonly holds: () => boolean; readonly resolve: (at: number) => void }[] = []
  const watch = await request(`${url}${path}?watch=true&resourceVersion=${list.metadata.resourceVersion}`, {
    dispatcher,
    headers,
  })
  const read = async () => {
    for await (const line of createInterface({ input: watch.body })) {
      const { metadata } = JSON.parse(line).object
      if (!metadata.name.startsWith(prefix)) continue
      names.add(`${metadata.namespace}/${metadata.name}`)
      events++
      const met = waiting.filter(({ holds }) => holds())
      waiting = waiting.filter(one => !met.includes(one))
      for (const { resolve } of met) resolve(performance.now())
    }
  }
  const ended = read().catch(() => undefined)
  return {
    /** When it came true. */
    until: (holds: (names: ReadonlySet<string>) => boolean): Promise<number> =>
      new Promise(resolve => {
        const test = () => holds(names)
        if (test()) resolve(performance.now())
        else waiting.push({ holds: test, resolve })
      }),
    events: () => events,
    stop: async () => {
      await dispatcher.destroy()
      await ended
    },
  }
}
