/** `doctor` on real packets beside the operator, which keeps a cluster of tiers. */
import { expect, onTestFinished } from 'vitest'
import { type Cluster, connectCluster, eventually } from '../../operator/cluster.ts'
import { namespace, workload } from '../../operator/objects.ts'
import { type OperatorProcess, runOperator, shortLease } from '../../operator/operator.ts'
import { type Attempt, type Host, type PacketCluster, packetTest } from '../fixture/index.ts'
import { nodeAddress } from '../fixture/network.ts'
import { applyCiliumObjects } from './cilium-objects.ts'
import { findLeft, runDoctor } from './doctor.ts'
import { startPacketKubelet } from './kubelet.ts'
import { readAll, readSteady } from './versions.ts'

packetTest('a probe changes nothing of the tiers beside it, nor of who reaches whom', async ({ cluster }) => {
  const { operator, api, shop } = await startShop(cluster, 'beside')
  await api.apply(
    workload(shop, 'web', { tier: 'web', ports: '80', 'allow-from': 'anywhere' }),
    workload(shop, 'api', { tier: 'api', ports: '5000', 'allow-from': 'web' }),
    workload(shop, 'db', { tier: 'db', ports: '3306', 'allow-from': 'api' }),
  )
  await api.expectSettled(shop)
  const [web, apiPod, db] = await Promise.all([
    addPod(cluster, shop, 'web', 80),
    addPod(cluster, shop, 'api', 5000),
    addPod(cluster, shop, 'db', 3306),
  ])
  await cluster.settle()
  const kubelet = startPacketKubelet(cluster)
  onTestFinished(() => kubelet.stop())
  const before = await readSteady(cluster)
  const said = operator.log.length
  const streams = [web.stream(to(apiPod, 5000), 50), apiPod.stream(to(db, 3306), 50), web.stream(to(db, 3306), 50)]
  const { code, stdout } = await runDoctor(cluster, '--probe')
  const verdicts = (await Promise.all(streams.map(stream => stream.stop()))).map(samples => {
    expect(samples.length).toBeGreaterThan(100)
    return [...new Set(samples.map(({ verdict }) => verdict))]
  })

  expect(stdout).toMatch(/^ok {4}probe: a deny of ingress and one of egress each shut what was open before and after/m)
  expect(stdout).toMatch(
    /^ok {4}network plugin: something that doctor does not know enforces policies: the probe shows/m,
  )
  expect(stdout).toMatch(/^ok {4}operator: \S+ leads, and said so \d+ s ago$/m)
  expect(code).toBe(0)
  expect(verdicts).toEqual([['answered'], ['answered'], ['silent']])
  expect(await readAll(cluster)).toEqual(before)
  expect(before).toEqual(expect.arrayContaining([expect.stringContaining(`networkpolicies ${shop}/tierwall-`)]))
  expect(operator.log.slice(said).filter(({ level }) => level !== 'info' && level !== 'debug')).toEqual([])
  expect(await findLeft(cluster)).toEqual([])
})

packetTest('doctor knows Cilium by its objects, and which policies it takes otherwise', async ({ cluster }) => {
  const { api, shop } = await startShop(cluster, 'limits')
  const bare = await runDoctor(cluster)
  expect(bare.stdout).toMatch(/^fail {2}network plugin: nothing that enforces was found — /m)
  expect(bare.stdout).not.toContain('port ranges: ')

  const { tellReady } = await applyCiliumObjects(cluster)
  const known = await runDoctor(cluster)
  const plugin = `Cilium v${cluster.agent.version}`
  const where = 'DaemonSet kube-system/cilium'
  expect(known.stdout).toContain(`ok    network plugin: ${plugin} (${where}) enforces policies\n`)
  expect(known.stdout).not.toMatch('not ready')
  const limits = {
    'port ranges': 'opens the first port of a range alone',
    'addresses of nodes': 'does not take the address of a node for what an ipBlock means',
    'addresses of pods': 'takes no pod for what an ipBlock means',
  }
  for (const [check, limit] of Object.entries(limits))
    expect(known.stdout).toMatch(new RegExp(`^ok    ${check}: ${plugin} ${limit}.*, but no policy of ours `, 'm'))

  await api.apply(
    workload(shop, 'ftp', { tier: 'ftp', ports: '8000-8010', 'allow-from': 'web' }),
    workload(shop, 'web', { tier: 'web', 'allow-to': `${nodeAddress}/32:6443, 10.244.0.7/32:80` }),
  )
  await api.expectSettled(shop)
  const cutOff = await runDoctor(cluster)
  for (const [check, limit] of Object.entries(limits))
    expect(cutOff.stdout).toMatch(
      new RegExp(`^fail  ${check}: ${plugin} ${limit}.* — what ${shop}/tierwall-.* should let pass is cut off; `, 'm'),
    )
  expect({ code: cutOff.code, failed: cutOff.stdout.match(/^fail /gm)?.length }).toEqual({ code: 1, failed: 3 })

  await tellReady(false)
  expect((await runDoctor(cluster)).stdout).toMatch(/^warn {2}network plugin: Cilium is not ready on 1 of 1 nodes — /m)
})

interface Shop {
  readonly operator: OperatorProcess
  readonly api: Cluster
  readonly shop: string
}

/** A namespace of the test's own, and the operator, for as long as the test runs. */
async function startShop({ plane }: PacketCluster, shop: string): Promise<Shop> {
  const api = connectCluster(plane)
  // There the operator keeps its Lease, and doctor looks for it.
  for (const name of [shop, 'tierwall-system']) {
    await api.apply(namespace(name))
    onTestFinished(async () => {
      await api.remove('Namespace', '', name)
      await eventually(async () => {
        if (await api.get('Namespace', '', name)) throw new Error(`namespace ${name} does not go`)
      }, 60_000)
    })
  }
  const operator = runOperator(plane.access.kubeconfigFile, [...shortLease, '--removal-delay', '0'])
  onTestFinished(async () => {
    await operator.stop()
  })
  await operator.ready()
  return { operator, api, shop }
}

async function addPod(cluster: PacketCluster, shop: string, app: string, port: number): Promise<Host> {
  const name = `${app}-1`
  const host = await cluster.addPod({ namespace: shop, name, labels: { app }, ports: [{ port }] })
  onTestFinished(() => cluster.removePod(shop, name))
  return host
}

const to = ({ address }: Host, port: number): Attempt => ({ protocol: 'TCP', address, port })
