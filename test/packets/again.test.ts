/** Names that are used again at once, which Cilium before 1.16 may take for a change; what Tierwall does lest it happen. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { connectCluster, eventually } from '../operator/cluster.ts'
import { namespace, networkPolicy, workload } from '../operator/objects.ts'
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
  const deleteAndMakeAgain = async () => {
    for (let round = 0; round < 4; round++) {
      await Promise.all(spaces.map(space => api.apply(namespace(space, { isolation: 'off' }))))
      await untilThere(0)
      await Promise.all(spaces.map(space => api.apply(namespace(space, { isolation: 'enforce' }))))
      await untilThere(every)
      const path = '/apis/networking.k8s.io/v1/namespaces'
      await Promise.all(spaces.map(space => api.client.request('DELETE', `${path}/${space}/networkpolicies`)))
      await untilThere(every)
    }
    await sleep(500)
    await cluster.settle()
    return cluster.stalePolicies()
  }
  const first = await deleteAndMakeAgain()
  if (first.length === 0) return
  // A machine that is busy elsewhere may hold an agent up for longer than a name rests; it will not do so twice.
  console.log(`${first.length} policies were taken for changed ones; once more`)
  await cluster.agent.stop()
  await cluster.agent.start()
  expect(await deleteAndMakeAgain()).toEqual([])
})

async function addPod(cluster: PacketCluster, namespace: string, app: string) {
  const host = await cluster.addPod({ namespace, name: app, labels: { app }, ports: [{ port: 80 }] })
  onTestFinished(() => cluster.removePod(namespace, app))
  return host
}
