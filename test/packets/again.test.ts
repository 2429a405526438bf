/** Names that are used again at once, which Cilium before 1.16 may take for a change; what Tierwall does lest it happen. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { connectCluster, eventually } from '../operator/cluster.ts'
import { networkPolicy, workload } from '../operator/objects.ts'
import { clearNamespace } from './case/clear.ts'
import { startOperator } from './case/operator.ts'
import { type PacketCluster, packetTest } from './fixture/index.ts'

packetTest('an agent that is behind goes on enforcing a policy that was made again', async ({ cluster }) => {
  const space = 'again'
  const api = connectCluster(cluster.plane)
  const [web, db] = await Promise.all(['web', 'db'].map(app => addPod(cluster, space, app)))
  const attempt = { protocol: 'TCP', address: db?.address ?? '', port: 80 } as const
  // It hears of one after the other: of many, it is behind with some.
  const names = Array.from({ length: 24 }, (_, place) => `p-${place}`)
  const write = (ingress: readonly object[]) =>
    Promise.all(names.map(name => api.apply(networkPolicy(space, name, { podSelector: {}, ingress }))))
  onTestFinished(() => clearNamespace(api, space))
  await write([{}])
  await cluster.settle()
  const thaw = cluster.agent.freeze()
  try {
    await Promise.all(names.map(name => api.remove('NetworkPolicy', space, name)))
    await write([])
    await sleep(200)
  } finally {
    thaw()
  }
  await cluster.settle()
  expect((await cluster.stalePolicies()).length).toBeGreaterThan(0)
  expect(await web?.attempt([attempt])).toEqual(['answered'])
  await cluster.agent.stop()
  await cluster.agent.start()
  await cluster.settle()
  expect(await cluster.stalePolicies()).toEqual([])
  expect(await web?.attempt([attempt])).toEqual(['silent'])
})

packetTest('what Tierwall makes again is not taken for a change', async ({ cluster }) => {
  const api = connectCluster(cluster.plane)
  const spaces = Array.from({ length: 8 }, (_, place) => `again-${place}`)
  const there = async () => (await Promise.all(spaces.map(api.policies))).flat().length
  const untilThere = (count: number) => eventually(async () => expect(await there()).toBe(count))
  const every = spaces.length * 4
  await Promise.all(spaces.map(space => addPod(cluster, space, 'web')))
  const operator = await startOperator(cluster.plane.access.kubeconfigFile)
  onTestFinished(async () => {
    await operator.stop()
    await Promise.all(spaces.map(space => clearNamespace(api, space)))
  })
  await Promise.all(
    spaces.map(space => api.apply(workload(space, 'web', { tier: 'web' }), workload(space, 'api', { tier: 'api' }))),
  )
  await untilThere(every)
  // Longer than an operator takes that makes them again at once, and a third of what a name rests.
  const behind = 100
  const deleteAndMakeAgain = async () => {
    const before = new Set((await cluster.stalePolicies()).map(({ uid }) => uid))
    const thaw = cluster.agent.freeze()
    try {
      await Promise.all(spaces.map(space => api.client.request('DELETE', policiesOf(space))))
      await sleep(behind)
    } finally {
      thaw()
    }
    await untilThere(every)
    await cluster.settle()
    return (await cluster.stalePolicies()).filter(({ uid }) => !before.has(uid)).length
  }
  // A busy machine may hold the agent up for longer than a name rests, but not each time.
  const stale: number[] = []
  while (stale.length < 4 && !stale.includes(0)) stale.push(await deleteAndMakeAgain())
  expect(stale, 'policies taken for changed ones, each time').toContain(0)
})

const policiesOf = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`

async function addPod(cluster: PacketCluster, namespace: string, app: string) {
  const host = await cluster.addPod({ namespace, name: app, labels: { app }, ports: [{ port: 80 }] })
  onTestFinished(() => cluster.removePod(namespace, app))
  return host
}
