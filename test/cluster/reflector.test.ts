import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRecord } from '../../src/api/record.ts'
import {
  type Change,
  type Reflector,
  type ReflectorOptions,
  startReflector,
} from '../../src/cluster/reflector/index.ts'
import { pathOf, type Resource } from '../../src/cluster/resource.ts'
import { connection, direct, log, openConnections, proxy } from './connections.ts'
import { pass, statusOf } from './fault-proxy.ts'
import { given, until } from './given.ts'
import { describe, makeName } from './plane.ts'

let namespace: string
const running: Reflector<Projected>[] = []

openConnections()
beforeEach(async () => {
  namespace = makeName('reflector')
  await must('POST', '/api/v1/namespaces', { metadata: { name: namespace } })
})
afterEach(async () => {
  await Promise.all(running.splice(0).map(reflector => reflector.stop()))
})

const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps' }

interface Projected {
  readonly name: string
  readonly kind: unknown
  readonly text: unknown
}

function project(json: unknown): Projected | undefined {
  if (!isRecord(json) || !isRecord(json.metadata)) return undefined
  const { name } = json.metadata
  const text = isRecord(json.data) ? json.data.text : undefined
  if (text === 'explode') throw new Error('cannot be projected')
  return name === 'kube-root-ca.crt' || text === 'hide' ? undefined : { name: String(name), kind: json.kind, text }
}

async function must(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : undefined
  const reply = await direct.request({ method, path, body, contentType })
  if (!reply.ok) throw new Error(`${method} ${path}: ${JSON.stringify(reply.failure)}`)
  return reply.body
}

const add = (name: string, text = 'first') =>
  must('POST', pathOf(configMaps, { namespace }), { metadata: { name, labels: { text } }, data: { text } })
const change = (name: string, text: string) =>
  must('PATCH', pathOf(configMaps, { namespace, name }), { data: { text } })
const remove = (name: string) => must('DELETE', pathOf(configMaps, { namespace, name }))

const quick = { backoff: { first: 20, most: 100 }, recheck: 200, watchSeconds: 300, grace: 15_000 }

function reflect(options: Partial<ReflectorOptions<Projected>> = {}) {
  const { timing, ...rest } = options
  const reflector = startReflector({
    ...given(),
    log,
    connection,
    resource: configMaps,
    namespace,
    project,
    ...rest,
    timing: { ...quick, ...timing },
  })
  running.push(reflector)
  const changes: string[] = []
  const states: string[] = []
  reflector.onChange(event => changes.push(describeChange(event)))
  reflector.onState(({ name }) => states.push(name))
  const text = (name: string) => reflector.store.get(`${namespace}/${name}`)?.text
  return { reflector, changes, states, text }
}

function describeChange(event: Change<Projected>): string {
  const name = event.key.split('/').at(-1)
  if (event.type === 'added') return `+${name}=${event.after.text}`
  return event.type === 'removed' ? `-${name} ${event.because}` : `${name}:${event.before.text}>${event.after.text}`
}

const isWatch = (path: string) => path.includes('watch=true')
const isStream = (path: string) => path.includes('sendInitialEvents')
const refuseStream = (_: IncomingMessage, path: string) =>
  isStream(path) ? ({ is: 'answer', status: 422 } as const) : pass
const watches = () => proxy.seen.filter(isWatch).length

describe('a reflector', () => {
  test('streams its list, is synced once the list is whole, and then hears of every change', async () => {
    await add('a')
    await add('b')
    const { reflector, changes, states, text } = reflect()
    expect(reflector.isSynced()).toBe(false)
    await reflector.synced()
    expect(reflector.isSynced()).toBe(true)
    expect([...reflector.store.list()].map(({ name }) => name).sort()).toEqual(['a', 'b'])
    await add('c')
    await change('a', 'second')
    await remove('b')
    await until(() => changes.length === 5)
    expect(changes).toEqual(['+a=first', '+b=first', '+c=first', 'a:first>second', '-b deleted'])
    expect(text('a')).toBe('second')
    expect(reflector.store.size).toBe(2)
    expect(states).toEqual(['streaming', 'watching'])
    expect(proxy.seen).toHaveLength(1)
    expect(Date.now() - (reflector.lastEventAt() ?? 0)).toBeLessThan(5_000)
    expect(Number(reflector.resourceVersion())).toBeGreaterThan(0)
  })

  test.each([400, 405, 422])('asks for pages where the server answers %i to a streamed list', async code => {
    proxy.decide = (_, path) => (isStream(path) ? { is: 'answer', status: code } : pass)
    for (const name of ['a', 'b', 'c', 'd', 'e']) await add(name)
    const { reflector, changes, states } = reflect({ timing: { pageSize: 2 } })
    await reflector.synced()
    expect([...reflector.store.keys()].sort()).toEqual(['a', 'b', 'c', 'd', 'e'].map(name => `${namespace}/${name}`))
    expect([...reflector.store.list()].every(({ kind }) => kind === 'ConfigMap')).toBe(true)
    expect(proxy.seen.filter(line => line.includes('limit=2'))).toHaveLength(3)
    await remove('e')
    await until(() => changes.includes('-e deleted'))
    expect(states).toEqual(['streaming', 'empty', 'paging', 'listed', 'watching'])
  })

  test('starts over when a page has expired, and asks for one big page when that happens again', async () => {
    for (const name of ['a', 'b', 'c']) await add(name)
    proxy.decide = (request, path) =>
      path.includes('continue=')
        ? { is: 'answer', status: 410, body: statusOf(410, 'Expired') }
        : refuseStream(request, path)
    const { reflector, states } = reflect({ timing: { pageSize: 2 } })
    await reflector.synced()
    expect(reflector.store.size).toBe(3)
    expect(states.filter(name => name === 'paging')).toHaveLength(3)
    expect(proxy.seen.filter(line => line.includes('continue='))).toHaveLength(2)
  })

  test('goes on where it was after its connection was cut, and misses nothing', async () => {
    await add('a')
    const { reflector, changes, states } = reflect()
    await reflector.synced()
    await add('brief')
    await remove('brief')
    await until(() => changes.length === 3)
    proxy.decide = () => ({ is: 'reset' })
    proxy.resetAll()
    await until(() => states.includes('backing-off'))
    await add('b')
    await remove('a')
    await add('a', 'anew')
    proxy.decide = () => pass
    await until(() => changes.includes('+a=anew'))
    const seen = ['+a=first', '+brief=first', '-brief deleted', '+b=first', '-a deleted', '+a=anew']
    expect(changes).toEqual(seen)
    expect(proxy.seen.filter(isStream)).toHaveLength(1)
  })

  test.each([401, 429, 500, 503])('gets over %i, in whatever state it comes', async code => {
    await add('a')
    proxy.decide = () => (proxy.seen.length < 4 ? { is: 'answer', status: code } : pass)
    const { reflector, changes } = reflect()
    await reflector.synced()
    proxy.decide = () => ({ is: 'answer', status: code })
    proxy.resetAll()
    const before = proxy.seen.length
    await until(() => proxy.seen.length > before + 3)
    await add('b')
    proxy.decide = () => pass
    await until(() => changes.includes('+b=first'))
    expect(proxy.seen.filter(isStream)).toHaveLength(4)
  })

  test('waits as long as Retry-After says', async () => {
    const times: number[] = []
    proxy.decide = () => {
      times.push(performance.now())
      return times.length === 1 ? { is: 'answer', status: 429, headers: { 'retry-after': '1' } } : pass
    }
    await reflect().reflector.synced()
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_000)
  })

  test('is not synced while it may not list, and is once it may', async () => {
    await add('a')
    proxy.decide = () => ({ is: 'answer', status: 403, body: statusOf(403, 'Forbidden') })
    const { reflector, states } = reflect()
    await until(() => states.filter(name => name === 'forbidden').length > 1)
    expect(reflector).toMatchObject({ store: { size: 0 } })
    expect([reflector.isSynced(), reflector.served()]).toEqual([false, true])
    proxy.decide = () => pass
    await reflector.synced()
    expect(reflector.store.size).toBe(1)
  })

  test('keeps what it knows while it may not watch any more', async () => {
    await add('a')
    const { reflector, changes, states } = reflect()
    await reflector.synced()
    proxy.decide = () => ({ is: 'answer', status: 403 })
    proxy.resetAll()
    await until(() => states.filter(name => name === 'forbidden').length > 2)
    expect(reflector.store.size).toBe(1)
    expect(changes).toEqual(['+a=first'])
  })

  test.each([
    ['as the answer to its watch', false],
    ['as an event', true],
  ])('lists anew after 410 %s, and tells of what it missed: each removal once', async (_, asEvent) => {
    for (const name of ['stays', 'goes', 'changes', 'is-made-anew']) await add(name)
    const { reflector, changes, states } = reflect()
    await reflector.synced()
    changes.splice(0)
    proxy.decide = () => ({ is: 'reset' })
    proxy.resetAll()
    await until(() => states.includes('backing-off'))
    await remove('goes')
    await change('changes', 'second')
    await remove('is-made-anew')
    await add('is-made-anew')
    await add('comes')
    const gone = statusOf(410, 'Expired', 'too old resource version')
    proxy.decide = (_request, path) => {
      if (isStream(path)) return pass
      return {
        is: 'answer',
        ...(asEvent
          ? { status: 200, body: `${JSON.stringify({ type: 'ERROR', object: gone })}\n` }
          : { status: 410, body: gone }),
      }
    }
    await until(() => changes.length >= 5)
    await add('later')
    await until(() => changes.includes('+later=first'))
    expect(changes.slice(0, 5).sort()).toEqual([
      '+comes=first',
      '+is-made-anew=first',
      '-goes not-listed',
      '-is-made-anew not-listed',
      'changes:first>second',
    ])
    expect(changes.slice(5)).toEqual(['+later=first'])
    expect(proxy.seen.filter(isStream)).toHaveLength(2)
  })

  test('notices a connection that is dead without a word, and misses nothing', async () => {
    await add('a')
    const { reflector, changes, states } = reflect({ timing: { watchSeconds: 1, grace: 300 } })
    await reflector.synced()
    await until(() => states.includes('watching'))
    proxy.freeze()
    await add('b')
    await until(() => changes.includes('+b=first'))
    expect(log.text).toContain('nothing was heard for')
    expect(reflector.store.size).toBe(2)
  })

  test('notices a streamed list that never ends, and asks for pages instead', async () => {
    await add('a')
    proxy.tamper = (path, chunk) => {
      const text = chunk.toString()
      return isStream(path) && text.includes('initial-events-end') ? Buffer.from('\n') : chunk
    }
    const { reflector, states } = reflect({ timing: { watchSeconds: 1, grace: 300 } })
    await reflector.synced()
    expect(states.slice(0, 4)).toEqual(['streaming', 'backing-off', 'empty', 'paging'])
    expect(reflector.store.size).toBe(1)
  })

  test('opens its watch again each time the server ends it, as a matter of course', async () => {
    const { reflector, changes, states } = reflect({ timing: { watchSeconds: 1 } })
    await reflector.synced()
    await until(() => watches() >= 3)
    await add('a')
    await until(() => changes.includes('+a=first'))
    expect(states).not.toContain('backing-off')
    expect(proxy.seen.filter(isStream)).toHaveLength(1)
  })

  test('keeps to its label selector, also when an object leaves it', async () => {
    await add('a', 'mine')
    await add('b', 'theirs')
    const { reflector, changes } = reflect({ labelSelector: 'text=mine' })
    await reflector.synced()
    expect([...reflector.store.keys()]).toEqual([`${namespace}/a`])
    await must('PATCH', pathOf(configMaps, { namespace, name: 'a' }), { metadata: { labels: { text: 'theirs' } } })
    await until(() => changes.length === 2)
    expect(changes).toEqual(['+a=mine', '-a deleted'])
  })

  test('says nothing where a change is not one to the projection', async () => {
    await add('a')
    const { reflector, changes } = reflect()
    await reflector.synced()
    await must('PATCH', pathOf(configMaps, { namespace, name: 'a' }), { metadata: { annotations: { seen: 'yes' } } })
    await change('a', 'second')
    await until(() => changes.length === 2)
    expect(changes).toEqual(['+a=first', 'a:first>second'])
  })

  test('takes what the projection passes over for absent', async () => {
    await add('a')
    const { reflector, changes } = reflect()
    await reflector.synced()
    await change('a', 'hide')
    await change('a', 'shown')
    await until(() => changes.length === 3)
    expect(changes).toEqual(['+a=first', '-a passed-over', '+a=shown'])
  })

  test('keeps what it knew of an object that cannot be projected, and goes on', async () => {
    await add('a')
    const { reflector, changes, text } = reflect()
    await reflector.synced()
    await change('a', 'explode')
    await add('b')
    await until(() => changes.includes('+b=first'))
    await reflector.relist()
    expect(text('a')).toBe('first')
    expect(changes).toEqual(['+a=first', '+b=first'])
    expect(log.text).toContain('cannot be projected')
  })

  test('goes on when a listener throws', async () => {
    await add('a')
    const { reflector, changes } = reflect()
    reflector.onChange(() => {
      throw new Error('a mistake of ours')
    })
    await reflector.synced()
    await add('b')
    await until(() => changes.includes('+b=first'))
    expect(log.text).toContain('a mistake of ours')
  })

  test('lists anew when asked to, and says nothing where nothing has changed', async () => {
    await add('a')
    const { reflector, changes } = reflect()
    await reflector.synced()
    await reflector.relist()
    expect(changes).toEqual(['+a=first'])
    proxy.decide = () => ({ is: 'answer', status: 500 })
    let listed = false
    const listing = reflector.relist().then(() => {
      listed = true
    })
    await add('b')
    expect(listed).toBe(false)
    proxy.decide = () => pass
    await listing
    expect(changes).toEqual(['+a=first', '+b=first'])
    await reflector.relist()
  })

  test('lists anew and stops when a listener asks for it', async () => {
    const { reflector } = reflect()
    await reflector.synced()
    let listings = 0
    const unlisten = reflector.onState(({ name }) => {
      if (name === 'watching' && listings++ < 2) reflector.relist()
    })
    await reflector.relist()
    await until(() => proxy.seen.filter(isStream).length === 4)
    unlisten()
    reflector.onState(() => reflector.stop())
    reflector.relist()
    await until(() => reflector.state().name === 'stopped')
  })

  test('stops at once, and says nothing after that', async () => {
    const { reflector, changes } = reflect()
    await reflector.synced()
    await reflector.stop()
    await add('a')
    expect(reflector.state()).toEqual({ name: 'stopped' })
    expect(changes).toEqual([])
    await until(() => proxy.connections() === 0)
  })
})

describe('a reflector of a resource that may not be served', () => {
  const crds: Resource = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' }
  const makeCrd = (group: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  })
  const makeWidget = (group: string, name: string) => ({
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name },
    data: { text: 'first' },
  })
  const setUp = () => {
    const group = `${makeName('group')}.tierwall.test`
    const widgets: Resource = { group, version: 'v1', plural: 'widgets' }
    return { group, widgets, crd: makeCrd(group) }
  }

  test('is synced and empty without its CRD, comes alive with it, and goes back when it is removed', async () => {
    const { group, widgets, crd } = setUp()
    const { reflector, changes, states } = reflect({ resource: widgets })
    await reflector.synced()
    expect([reflector.served(), reflector.store.size]).toEqual([false, 0])
    await until(() => states.filter(name => name === 'not-served').length > 2)

    await must('POST', pathOf(crds), crd)
    await until(() => reflector.served())
    await must('POST', pathOf(widgets, { namespace }), makeWidget(group, 'w'))
    await until(() => changes.length === 1)

    const servedAtRemoval: boolean[] = []
    reflector.onChange(() => servedAtRemoval.push(reflector.served()))
    await must('DELETE', pathOf(crds, { name: crd.metadata.name }))
    await until(() => !reflector.served(), 60_000)
    expect(reflector.store.size).toBe(0)
    expect(changes).toHaveLength(2)
    // The API server deletes the objects one by one before it takes the resource away.
    expect([changes[1], servedAtRemoval]).toEqual(['-w deleted', [true]])
  })

  test('lists anew when the server itself finds its version too old', async () => {
    const { group, widgets, crd } = setUp()
    await must('POST', pathOf(crds), crd)
    const { reflector, changes } = reflect({ resource: widgets })
    await until(() => reflector.isSynced() && reflector.served())
    await must('POST', pathOf(widgets, { namespace }), makeWidget(group, 'a'))
    await until(() => changes.length === 1)
    let rewritten = false
    proxy.decide = (_, path) => {
      if (rewritten || isStream(path)) return pass
      rewritten = true
      // From before the CRD was there: the API server keeps nothing that old for watches.
      return { is: 'pass', path: path.replace(/resourceVersion=\d+/, 'resourceVersion=1') }
    }
    proxy.resetAll()
    await until(() => log.text.includes('410 Expired'))
    await must('POST', pathOf(widgets, { namespace }), makeWidget(group, 'b'))
    await until(() => changes.length === 2)
    expect(changes).toEqual(['+a=first', '+b=first'])
    await must('DELETE', pathOf(crds, { name: crd.metadata.name }))
  })

  test('says that it is not served before it tells of the removals', async () => {
    await add('a')
    const { reflector, changes } = reflect()
    await reflector.synced()
    const servedAtRemoval: boolean[] = []
    reflector.onChange(() => servedAtRemoval.push(reflector.served()))
    proxy.decide = () => ({ is: 'answer', status: 404, body: '404 page not found' })
    proxy.resetAll()
    await until(() => changes.length === 2)
    expect([changes[1], servedAtRemoval]).toEqual(['-a not-served', [false]])
    proxy.decide = () => pass
    await until(() => reflector.served())
    expect(changes.slice(2)).toEqual(['+a=first'])
  })
})
