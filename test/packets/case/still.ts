/** What was tried while policies stood still: an operator that was still at it makes what packets did mean nothing. */
import type { PacketCluster } from '../fixture/index.ts'
import type { Scene } from '../flows/scene.ts'
import type { Lab } from './lab.ts'

const mostTimes = 4

export async function whileStill<T>({ cluster, readScene }: Lab, tryAll: (scene: Scene) => Promise<T>): Promise<T> {
  for (let times = 1; ; times++) {
    await cluster.settle()
    await forgetStale(cluster)
    const before = await readScene()
    const found = await tryAll(before)
    const after = await readScene()
    if (times === mostTimes || writeScene(before) === writeScene(after)) return found
  }
}

/** What an agent goes on enforcing by its own fault (docs/cni.md) says nothing of what stands. That it did is told. */
async function forgetStale(cluster: PacketCluster): Promise<void> {
  const stale = await cluster.stalePolicies()
  if (stale.length === 0) return
  const names = stale.map(({ namespace, name }) => `${namespace}/${name}`)
  console.log(`Cilium still enforces ${names.join(', ')}, made again since: its agent is started anew`)
  await cluster.agent.stop()
  await cluster.agent.start()
  await cluster.settle()
}

function writeScene({ policies }: Scene): string {
  return JSON.stringify(policies.map(({ metadata: { namespace, name }, spec }) => [namespace, name, spec]))
}
