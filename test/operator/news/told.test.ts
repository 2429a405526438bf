import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Problem, problemAt } from '../../../src/api/problem.ts'
import { type ObjectRef, sourceAt } from '../../../src/api/source.ts'
import { type Connection, connectTo } from '../../../src/cluster/connect/index.ts'
import { createRecorder, pathOf, type Recorder, type Resource } from '../../../src/cluster/index.ts'
import { createNews, readTold, reportingController } from '../../../src/operator/news/index.ts'
import { pass, startFaultProxy } from '../../cluster/fault-proxy.ts'
import { given, until } from '../../cluster/given.ts'
import { describe, makeName, plane, targetAt } from '../../cluster/plane.ts'

const events: Resource = { group: 'events.k8s.io', version: 'v1', plural: 'events' }
const deployments: Resource = { group: 'apps', version: 'v1', plural: 'deployments' }
let connection: Connection

beforeAll(() => {
  connection = connectTo(targetAt(plane.url), { ...given(), userAgent: 'tierwall/test' })
})
afterAll(async () => {
  await connection.close()
})

const uidIn = z.object({ metadata: z.object({ uid: z.string() }) })

async function post(path: string, body: object): Promise<string> {
  const reply = await connection.request({ method: 'POST', path, body })
  if (!reply.ok) throw new Error(JSON.stringify(reply.failure))
  return uidIn.parse(reply.body).metadata.uid
}

interface Place {
  readonly namespace: string
  readonly uids: ReadonlyMap<string, string>
}

async function makeDeployment(): Promise<Place> {
  const namespace = makeName('news')
  const uid = await post('/api/v1/namespaces', { metadata: { name: namespace } })
  const labels = { app: 'db' }
  const own = await post(pathOf(deployments, { namespace }), {
    metadata: { name: 'db' },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'db', image: 'db' }] } },
    },
  })
  return {
    namespace,
    uids: new Map([
      [`Namespace/${namespace}`, uid],
      ['Deployment/db', own],
    ]),
  }
}

const uidOf =
  ({ uids }: Place) =>
  ({ kind, name }: ObjectRef) =>
    uids.get(`${kind}/${name}`)

function wrongPort({ namespace }: Place, text: string): Problem {
  const source = sourceAt({ kind: 'Deployment', namespace, name: 'db' }, [
    'metadata',
    'annotations',
    'tierwall.dev/ports',
  ])
  return problemAt(source, 'port-invalid', `'${text}' runs backwards`, 'write it the other way round')
}

function wrongIsolation({ namespace }: Place): Problem {
  const path = ['metadata', 'annotations', 'tierwall.dev/isolation']
  const source = sourceAt({ kind: 'Namespace', namespace: '', name: namespace }, path)
  return problemAt(source, 'isolation-invalid', "'on' is no isolation mode", 'write enforce')
}

function record(send = connection.request): Recorder {
  return createRecorder({ ...given(), send, controller: reportingController, instance: 'tierwall-0' })
}

async function tellOnce(place: Place, problems: readonly Problem[]): Promise<ReturnType<Recorder['figures']>> {
  const recorder = record()
  const { told, failures } = await readTold(connection.request)
  expect(failures).toEqual([])
  const news = createNews({ recorder, told })
  expect(news.tell(place.namespace, problems, uidOf(place))).toBe(0)
  await until(() => recorder.figures().waiting === 0)
  await recorder.stop()
  return recorder.figures()
}

const listed = z.object({ items: z.array(z.unknown()) })

async function eventsIn(namespace: string, fieldSelector?: string): Promise<readonly unknown[]> {
  const query = fieldSelector === undefined ? {} : { fieldSelector }
  const reply = await connection.request({ method: 'GET', path: pathOf(events, { namespace }), query })
  return listed.parse(reply.ok ? reply.body : undefined).items
}

describe('news on the API server', () => {
  test('arrive as an Event regarding the object that has the problem', async () => {
    const place = await makeDeployment()
    await tellOnce(place, [wrongPort(place, '80-79')])
    expect(await eventsIn(place.namespace)).toMatchObject([
      {
        type: 'Warning',
        reason: 'PortInvalid',
        action: 'Reconcile',
        reportingController: 'tierwall.dev/operator',
        note: "metadata.annotations[tierwall.dev/ports]: '80-79' runs backwards; write it the other way round",
        regarding: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: 'db',
          namespace: place.namespace,
          uid: place.uids.get('Deployment/db'),
        },
      },
    ])
  })

  test('are found by who reported them, and by the uid of the object as `kubectl describe` looks for them', async () => {
    const place = await makeDeployment()
    await tellOnce(place, [wrongPort(place, '80-79')])
    await post(pathOf(events, { namespace: place.namespace }), {
      metadata: { name: 'somebody-elses' },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/other',
      reportingInstance: 'other-0',
      type: 'Warning',
      reason: 'PortInvalid',
      action: 'Reconcile',
      regarding: { kind: 'Deployment', namespace: place.namespace, name: 'db', uid: place.uids.get('Deployment/db') },
    })
    expect(await eventsIn(place.namespace)).toHaveLength(2)
    expect(await eventsIn(place.namespace, `reportingController=${reportingController}`)).toHaveLength(1)
    expect(await eventsIn(place.namespace, `regarding.uid=${place.uids.get('Deployment/db')}`)).toHaveLength(2)
    const { told } = await readTold(connection.request, [place.namespace])
    expect(told.get(place.namespace)?.size).toBe(1)
  })

  test('are not repeated by a restart, whatever the length of their note', async () => {
    const place = await makeDeployment()
    const problems = [wrongPort(place, '80-79'), wrongPort(place, 'ö'.repeat(2_000)), wrongIsolation(place)]
    expect(await tellOnce(place, problems)).toMatchObject({ written: 3, dropped: 0 })
    expect(await tellOnce(place, problems)).toMatchObject({ written: 0, dropped: 0 })
    expect(await tellOnce(place, [...problems, wrongPort(place, '9-8')])).toMatchObject({ written: 1 })
    expect(await eventsIn(place.namespace)).toHaveLength(3)
  })

  test('are told of an object that was made anew under its old name', async () => {
    const place = await makeDeployment()
    await tellOnce(place, [wrongPort(place, '80-79')])
    const anew = { ...place, uids: new Map([['Deployment/db', 'another-uid']]) }
    expect(await tellOnce(anew, [wrongPort(place, '80-79')])).toMatchObject({ written: 1 })
  })

  test('of before are read from the given namespaces alone', async () => {
    const [first, second] = [await makeDeployment(), await makeDeployment()]
    for (const place of [first, second]) await tellOnce(place, [wrongPort(place, '80-79')])
    const { told } = await readTold(connection.request, [first.namespace])
    expect([...told.keys()]).toEqual([first.namespace])
  })

  test('of before that cannot be read are a failure as a value, and the others are read all the same', async () => {
    const place = await makeDeployment()
    await tellOnce(place, [wrongPort(place, '80-79')])
    const proxy = await startFaultProxy(plane)
    proxy.decide = (_, path) => (path.includes('/namespaces/refused/') ? { is: 'answer', status: 403 } : pass)
    const through = connectTo(targetAt(proxy.url), { ...given(), userAgent: 'tierwall/test' })
    const { told, failures } = await readTold(through.request, ['refused', place.namespace])
    await through.close()
    await proxy.stop()
    expect(failures).toMatchObject([{ kind: 'status', code: 403 }])
    expect(told.get(place.namespace)?.size).toBe(1)
  })
})
