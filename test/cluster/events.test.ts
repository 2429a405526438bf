import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRecorder, type EventNews, type Recorder, type RecorderOptions } from '../../src/cluster/events/index.ts'
import { cutNote } from '../../src/cluster/events/note.ts'
import { pathOf, type Resource } from '../../src/cluster/resource.ts'
import { connection, direct, log, openConnections, proxy } from './connections.ts'
import { pass } from './fault-proxy.ts'
import { given, until } from './given.ts'
import { describe, makeName } from './plane.ts'

let namespace: string
const recorders: Recorder[] = []

openConnections()
beforeEach(async () => {
  namespace = makeName('events')
  await direct.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } })
})
afterEach(async () => {
  await Promise.all(recorders.splice(0).map(recorder => recorder.stop()))
})

const events: Resource = { group: 'events.k8s.io', version: 'v1', plural: 'events' }

function record(options: Partial<RecorderOptions> = {}): Recorder {
  const { limits, ...rest } = options
  const recorder = createRecorder({
    ...given(),
    log,
    send: connection.request,
    controller: 'tierwall.dev/operator',
    instance: 'tierwall-0',
    ...rest,
    limits: { countEvery: 50, ...limits },
  })
  recorders.push(recorder)
  return recorder
}

const news = (over: Partial<EventNews> = {}): EventNews => ({
  regarding: { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'db', uid: 'u-1' },
  type: 'Warning',
  reason: 'PortUndeclared',
  action: 'Render',
  note: 'No container declares port 3306.',
  ...over,
})

interface Written {
  readonly metadata: { readonly name: string }
  readonly note: string
  readonly series?: { readonly count: number }
}

async function list(where = namespace): Promise<Written[]> {
  const reply = await direct.request({ method: 'GET', path: pathOf(events, { namespace: where }) })
  if (!reply.ok) throw new Error('no Events')
  return (reply.body as { items: Written[] }).items
}

const posts = () => proxy.seen.filter(line => line.startsWith('POST')).length
const patches = () => proxy.seen.filter(line => line.startsWith('PATCH')).length
const idle = (recorder: Recorder) => until(() => recorder.figures().waiting === 0)

describe('the recorder of Events', () => {
  test('writes an Event that says what, about what, why and by whom', async () => {
    const recorder = record()
    recorder.record(news())
    await idle(recorder)
    expect(await list()).toMatchObject([
      {
        reason: 'PortUndeclared',
        type: 'Warning',
        action: 'Render',
        note: 'No container declares port 3306.',
        reportingController: 'tierwall.dev/operator',
        reportingInstance: 'tierwall-0',
        regarding: { kind: 'Deployment', name: 'db', uid: 'u-1' },
      },
    ])
  })

  test('counts the same thing again instead of writing it again', async () => {
    const recorder = record()
    for (let times = 0; times < 7; times++) recorder.record(news())
    await until(() => patches() === 1)
    await idle(recorder)
    recorder.record(news())
    await expect.poll(() => list(), { timeout: 30_000 }).toMatchObject([{ series: { count: 8 } }])
    await idle(recorder)
    expect(await list()).toMatchObject([{ series: { count: 8 } }])
    expect(posts()).toBe(1)
  })

  test('keeps apart what differs in object, reason or note', async () => {
    const recorder = record()
    recorder.record(news())
    recorder.record(news({ regarding: { ...news().regarding, uid: 'u-2' } }))
    recorder.record(news({ reason: 'Other' }))
    recorder.record(news({ note: 'Another note.' }))
    await idle(recorder)
    expect(await list()).toHaveLength(4)
  })

  test('writes about what is in no namespace to the namespace default', async () => {
    const recorder = record()
    recorder.record(news({ regarding: { apiVersion: 'v1', kind: 'Namespace', name: namespace }, note: namespace }))
    await idle(recorder)
    expect((await list('default')).filter(({ note }) => note === namespace)).toHaveLength(1)
  })

  test('cuts a note to what the API server takes, and between characters', async () => {
    const recorder = record()
    recorder.record(news({ note: 'ö'.repeat(2_000) }))
    recorder.record(news({ note: 'x'.repeat(1_024) }))
    recorder.record(news({ note: `${'x'.repeat(1_020)}😀😀` }))
    await idle(recorder)
    const notes = (await list()).map(({ note }) => note)
    expect(notes).toHaveLength(3)
    expect(notes).toContain('x'.repeat(1_024))
    expect(notes.every(note => Buffer.byteLength(note) <= 1_024 && !note.includes('\ufffd'))).toBe(true)
    expect(cutNote('ö'.repeat(2_000))).toBe(`${'ö'.repeat(510)}…`)
  })

  test('writes a series anew that the API server has forgotten', async () => {
    const recorder = record()
    recorder.record(news())
    await idle(recorder)
    const [event] = await list()
    await direct.request({ method: 'DELETE', path: pathOf(events, { namespace, name: event?.metadata.name }) })
    recorder.record(news())
    await until(() => posts() === 2)
    await idle(recorder)
    expect(await list()).toHaveLength(1)
  })

  test('writes only so many about one object, and lets others have theirs', async () => {
    const recorder = record({ limits: { perObject: { burst: 3, every: 60_000 } } })
    for (let number = 0; number < 10; number++) recorder.record(news({ note: `note ${number}` }))
    recorder.record(news({ regarding: { ...news().regarding, name: 'web', uid: 'u-9' } }))
    await idle(recorder)
    expect(await list()).toHaveLength(4)
    expect(recorder.figures()).toMatchObject({ written: 4, dropped: 7 })
  })

  test('writes only so many at once, whatever they are about', async () => {
    const recorder = record({ limits: { overall: { burst: 5, every: 60_000 } } })
    for (let number = 0; number < 20; number++)
      recorder.record(news({ regarding: { ...news().regarding, name: `w-${number}`, uid: `u-${number}` } }))
    await idle(recorder)
    expect(await list()).toHaveLength(5)
    expect(recorder.figures()).toMatchObject({ dropped: 15 })
  })

  test('remembers only so many series, and writes the count of one before it forgets it', async () => {
    const recorder = record({ limits: { remembered: 2, countEvery: 600_000 } })
    recorder.record(news({ note: 'first' }))
    await idle(recorder)
    recorder.record(news({ note: 'first' }))
    recorder.record(news({ note: 'second' }))
    recorder.record(news({ note: 'third' }))
    await idle(recorder)
    expect((await list()).find(({ note }) => note === 'first')).toMatchObject({ series: { count: 2 } })
    recorder.record(news({ note: 'first' }))
    await idle(recorder)
    expect((await list()).filter(({ note }) => note === 'first')).toHaveLength(2)
  })

  test.each([
    ['may not write', { is: 'answer', status: 403 }],
    ['is cut off', { is: 'reset' }],
  ] as const)('never fails its caller when it %s', async (_, fault) => {
    proxy.decide = () => fault
    const recorder = record()
    expect(() => recorder.record(news())).not.toThrow()
    await idle(recorder)
    expect(recorder.figures()).toMatchObject({ written: 0, dropped: 1 })
    proxy.decide = () => pass
    recorder.record(news())
    await until(() => recorder.figures().written === 1)
  })

  test('does not fail on an object that the API server would refuse', async () => {
    const recorder = record()
    recorder.record(news({ regarding: { apiVersion: '', kind: '', name: 'Not A Name', namespace } }))
    await idle(recorder)
    expect(recorder.figures()).toMatchObject({ written: 0, dropped: 1 })
  })

  test('writes what waits before it stops, the counts as well', async () => {
    const recorder = record({ limits: { countEvery: 600_000 } })
    recorder.record(news())
    await idle(recorder)
    for (let times = 0; times < 3; times++) recorder.record(news())
    for (let times = 0; times < 3; times++) recorder.record(news({ reason: 'Other' }))
    await recorder.stop()
    expect((await list()).map(({ series }) => series?.count).sort()).toEqual([3, 4])
    recorder.record(news({ note: 'too late' }))
    expect(await list()).toHaveLength(2)
  })
})
