/** People edit while customers keep coming: nothing that stays intended is lost, nothing gets through a second after it was shut. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { inFolder } from '../../cli/run.ts'
import { connectCluster } from '../../operator/cluster.ts'
import { namespace, workload } from '../../operator/objects.ts'
import { clearNamespace } from '../case/clear.ts'
import { packetTest } from '../fixture/index.ts'
import { everyFlow, type Player, writeFlow } from './flows.ts'
import { type Edit, judge, openWithin } from './judge.ts'
import { makeOperators } from './operators.ts'
import { countsAsText } from './report.ts'
import { elsewhere, makeSteps, shop } from './story.ts'
import { startTraffic } from './traffic.ts'

const ports = { web: [80], api: [5000, 5001], db: [3306], jobs: [9090] }

packetTest(
  'no request is lost to a policy write, and what is shut stays shut',
  { timeout: 300_000 },
  async ({ cluster: packets }) => {
    const { kubeconfigFile } = packets.plane.access
    const cluster = connectCluster(packets.plane)
    await cluster.apply(namespace(shop), namespace(elsewhere))
    onTestFinished(async () => {
      await Promise.all([shop, elsewhere].map(space => clearNamespace(cluster, space)))
    })
    await cluster.apply(...Object.keys(ports).map(name => workload(shop, name, {})))
    const addPod = async (space: string, name: string, listens: readonly number[]): Promise<Player> => {
      const pod = { namespace: space, name: `${name}-1`, labels: { app: name } }
      const host = await packets.addPod({ ...pod, ports: listens.map(port => ({ port })) })
      onTestFinished(() => packets.removePod(pod.namespace, pod.name))
      return { host, ports: listens }
    }
    const players: Record<string, Player> = {
      ...Object.fromEntries(
        await Promise.all(
          Object.entries(ports).map(async ([name, listens]) => [name, await addPod(shop, name, listens)] as const),
        ),
      ),
      stranger: await addPod(elsewhere, 'stranger', [8080]),
      outside: { host: await packets.outside('203.0.113.10', [{ port: 80 }]), ports: [80] },
    }
    const flows = everyFlow(players)
    const everything = flows.map(writeFlow)
    const steps = makeSteps(everything)
    for (const { open } of steps) expect(everything).toEqual(expect.arrayContaining([...open]))

    const operator = makeOperators(kubeconfigFile)
    const uninstall = async () => {
      const { code, stderr } = await inFolder({})(['uninstall', '--yes', '--kubeconfig', kubeconfigFile])
      if (code !== 0) throw new Error(stderr)
    }
    const often = new Set(steps.filter(({ open }) => open.length < everything.length).flatMap(({ open }) => open))
    await operator.start()
    const traffic = startTraffic(flows, players, flow => often.has(flow))
    const edits: Edit[] = [standing(everything)]
    const goThrough = async () => {
      await sleep(1_000)
      for (const { name, edit, open } of steps) {
        const began = Date.now()
        await edit({ cluster, operator, uninstall })
        edits.push({ name, began, ended: Date.now(), open: new Set(open) })
        await sleep(openWithin + 2_000)
      }
    }
    const failed = await goThrough().then(
      () => undefined,
      error => ({ error }),
    )
    await operator.stop()
    const counts = judge(edits, await traffic.stop())
    console.log(countsAsText(edits, counts))
    if (failed) throw failed.error
    const faults = counts.map(({ lost, breached }, index) => ({ edit: edits[index]?.name, lost, breached }))
    expect(faults).toEqual(edits.map(({ name }) => ({ edit: name, lost: 0, breached: 0 })))
    // A client that does not get to send would lose nothing.
    for (const { intended } of counts) expect(intended).toBeGreaterThan(100)
    expect(counts.map(({ unintended }) => unintended).filter(tried => tried > 100)).toHaveLength(
      steps.filter(({ open }) => open.length < everything.length).length,
    )
  },
)

function standing(everything: readonly string[]): Edit {
  const now = Date.now()
  return { name: 'before Tierwall', began: now, ended: now, open: new Set(everything) }
}
