import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { type Attempt, type Host, type PacketCluster, packetTest, type Verdict } from './fixture/index.ts'

packetTest('without policies everybody reaches everybody, and a closed port says so', async ({ cluster }) => {
  const { web, api, other, outside } = await makeShop(cluster, 'open')
  await cluster.settle()
  for (const from of [web, api, other, outside])
    for (const to of [web, api, other, outside].filter(host => host !== from))
      expect(await from.attempt(everyPort(to)), `${from.name} → ${to.name}`).toEqual([
        'answered',
        'answered',
        'answered',
        'refused',
      ])
  expect(await web.exec(['curl', '-sS', `http://${api.address}:5000/`])).toEqual({
    code: 0,
    stdout: `open/api sees ${web.address}\n`,
    stderr: '',
  })
})

packetTest(
  'a denial shuts all, a permission on both sides opens one port, and without both all is open again',
  async ({ cluster }) => {
    const namespace = 'shut'
    const { web, api, other, outside } = await makeShop(cluster, namespace)
    const reach = (from: Host, to: Host) => from.attempt(everyPort(to))
    const open: readonly Verdict[] = ['answered', 'answered', 'answered', 'refused']
    const shut: readonly Verdict[] = ['silent', 'silent', 'silent', 'silent']
    const both = ['Ingress', 'Egress']

    await write(cluster, namespace, 'deny', { podSelector: {}, policyTypes: both })
    await cluster.settle()
    const ways = [
      [web, api],
      [api, web],
      [other, api],
      [outside, api],
      [web, outside],
    ] as const
    expect(await Promise.all(ways.map(way => reach(...way)))).toEqual(ways.map(() => shut))

    const [selectsWeb, selectsApi] = ['web', 'api'].map(app => ({ podSelector: { matchLabels: { app } } }))
    const ports = [{ port: 5000 }]
    await write(cluster, namespace, 'api', {
      ...selectsApi,
      policyTypes: ['Ingress'],
      ingress: [{ from: [selectsWeb], ports }],
    })
    await cluster.settle()
    expect(await reach(web, api), 'with one side alone').toEqual(shut)
    await write(cluster, namespace, 'web', {
      ...selectsWeb,
      policyTypes: ['Egress'],
      egress: [{ to: [selectsApi], ports }],
    })
    await cluster.settle()
    expect(await Promise.all(ways.map(way => reach(...way)))).toEqual([
      ['answered', 'silent', 'silent', 'silent'],
      shut,
      shut,
      shut,
      shut,
    ])

    await relabel(cluster, namespace, 'other', { app: 'web' })
    await cluster.settle()
    expect(await reach(other, api), 'as another web').toEqual(['answered', 'silent', 'silent', 'silent'])

    for (const name of ['deny', 'api', 'web']) await remove(cluster, namespace, name)
    await cluster.settle()
    expect(await Promise.all(ways.map(way => reach(...way)))).toEqual(ways.map(() => open))
  },
)

packetTest('names resolve over UDP and TCP, at the pod and at the cluster address', async ({ cluster }) => {
  const { web, api } = await makeShop(cluster, 'names')
  await cluster.dns.setRecords({ 'api.names.svc.cluster.local': api.address })
  const resolved = { verdict: 'answered', addresses: [api.address] }
  for (const server of [undefined, cluster.dns.host.address])
    for (const protocol of ['UDP', 'TCP'] as const) {
      expect(await cluster.lookup(web, 'api.names.svc.cluster.local', protocol, server)).toEqual(resolved)
      expect(await cluster.lookup(web, 'nobody.example', protocol, server)).toEqual({
        verdict: 'answered',
        addresses: [],
      })
    }
  const { address } = cluster.dns.host
  expect(
    await web.attempt([
      { protocol: 'UDP', address, port: 53 },
      { protocol: 'TCP', address, port: 53 },
    ]),
  ).toEqual(['answered', 'answered'])
  expect(await cluster.lookup(web, 'api', 'UDP', api.address)).toEqual({ verdict: 'refused', addresses: [] })
  expect(await web.exec(['curl', '-sS', 'http://api:5000/'])).toMatchObject({
    stdout: `names/api sees ${web.address}\n`,
  })
})

packetTest('a stream sees when it is shut', async ({ cluster }) => {
  const { web, api } = await makeShop(cluster, 'stream')
  const stream = web.stream({ protocol: 'TCP', address: api.address, port: 5000, timeout: 300 }, 20)
  await sleep(500)
  const written = Date.now()
  await write(cluster, 'stream', 'deny', { podSelector: {}, policyTypes: ['Ingress'] })
  await cluster.settle()
  const settled = Date.now()
  await sleep(300)
  const samples = await stream.stop()
  const verdicts = (from: number, to: number) =>
    new Set(samples.filter(({ at }) => at > from && at < to).map(({ verdict }) => verdict))
  expect(samples.length).toBeGreaterThan(30)
  expect([...verdicts(0, written - 50)]).toEqual(['answered'])
  expect([...verdicts(settled, Infinity)]).toEqual(['silent'])
})

packetTest(
  'without its agent the node enforces what it has, and with it again also what is new',
  async ({ cluster }) => {
    const namespace = 'agent'
    const { web, api } = await makeShop(cluster, namespace)
    await write(cluster, namespace, 'deny', { podSelector: {}, policyTypes: ['Ingress'] })
    await cluster.settle()
    const attempt: Attempt = { protocol: 'TCP', address: api.address, port: 5000 }
    expect(cluster.agent.version).toMatch(/^1\.15\./)
    await cluster.agent.stop()
    await remove(cluster, namespace, 'deny')
    expect(await web.attempt([attempt])).toEqual(['silent'])
    await cluster.agent.start()
    await cluster.settle()
    expect(await web.attempt([attempt])).toEqual(['answered'])
    const late = await cluster.addPod({ namespace, name: 'late', labels: { app: 'late' }, ports: [] })
    expect(await late.attempt([attempt])).toEqual(['answered'])
    await cluster.removePod(namespace, 'late')
    await expect(late.attempt([attempt])).rejects.toThrow('agent/late is gone')
  },
)

packetTest('pods come and go, many at once', async ({ cluster }) => {
  const names = Array.from({ length: 24 }, (_, index) => `pod-${index}`)
  const began = performance.now()
  const pods = await Promise.all(
    names.map(name => cluster.addPod({ namespace: 'many', name, labels: { name }, ports: [{ port: 80 }] })),
  )
  const added = performance.now()
  await cluster.settle()
  const settled = performance.now()
  const everybody = pods.map(tcp80)
  const verdicts = await Promise.all(pods.map(pod => pod.attempt(everybody)))
  const tried = performance.now()
  expect(new Set(verdicts.flat())).toEqual(new Set(['answered']))
  const ofFriends = [{ podSelector: { matchLabels: { friend: 'yes' } } }]
  await write(cluster, 'many', 'friends', { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: ofFriends }] })
  await cluster.settle()
  const [first, ...others] = pods
  expect(new Set(await first?.attempt(others.map(tcp80)))).toEqual(new Set(['silent']))
  await Promise.all(names.map(name => relabel(cluster, 'many', name, { friend: 'yes' })))
  await cluster.settle()
  const ofAll = await Promise.all(pods.map(pod => pod.attempt(everybody)))
  expect(new Set(ofAll.flat()), 'as friends').toEqual(new Set(['answered']))
  const relabelled = performance.now()
  await Promise.all(names.map(name => cluster.removePod('many', name)))
  const removed = performance.now()
  const each = (time: number) => `${Math.round(time / names.length)} ms a pod`
  console.log(
    `${names.length} pods added: ${each(added - began)}; settled: ${Math.round(settled - added)} ms; ${everybody.length ** 2} flows: ${Math.round(tried - settled)} ms; removed: ${each(removed - relabelled)}`,
  )
})

const tcp80 = ({ address }: Host): Attempt => ({ protocol: 'TCP', address, port: 80 })

async function makeShop(cluster: PacketCluster, namespace: string) {
  const ports = [{ port: 5000 }, { port: 5001 }, { port: 5353, protocol: 'UDP' }] as const
  const pod = async (app: string) => {
    const host = await cluster.addPod({ namespace, name: app, labels: { app }, ports })
    onTestFinished(() => cluster.removePod(namespace, app))
    return host
  }
  const [web, api, other] = await Promise.all([pod('web'), pod('api'), pod('other')])
  return { web, api, other, outside: await cluster.outside('203.0.113.10', ports) }
}

const everyPort = ({ address }: Host): readonly Attempt[] => [
  { protocol: 'TCP', address, port: 5000 },
  { protocol: 'TCP', address, port: 5001 },
  { protocol: 'UDP', address, port: 5353 },
  { protocol: 'TCP', address, port: 9 },
]

const policies = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`

async function write({ plane }: PacketCluster, namespace: string, name: string, spec: unknown): Promise<void> {
  const { status } = await plane.request('POST', policies(namespace), { body: { metadata: { name }, spec } })
  expect(status).toBe(201)
}

async function remove({ plane }: PacketCluster, namespace: string, name: string): Promise<void> {
  expect(await plane.request('DELETE', `${policies(namespace)}/${name}`)).toMatchObject({ status: 200 })
}

async function relabel(
  { plane }: PacketCluster,
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const headers = { 'content-type': 'application/merge-patch+json' }
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`
  expect(await plane.request('PATCH', path, { headers, body: { metadata: { labels } } })).toMatchObject({ status: 200 })
}
