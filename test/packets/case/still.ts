/** What was tried while policies stood still: an operator that was still at it makes what packets did mean nothing. */
import type { KnownPolicy } from '../fixture/index.ts'
import type { Scene } from '../flows/scene.ts'
import type { Lab } from './lab.ts'

const mostTimes = 4

/**
 * `unexpectedIn`: what did not do as the policies say. An agent that loses something by a fault of its own says nothing of
 * them, and does as they say once it has been started anew; whoever wrote a wrong policy finds it as wrong as before.
 */
export async function whileStill<T>(
  lab: Lab,
  tryAll: (scene: Scene) => Promise<T>,
  unexpectedIn: (found: T) => readonly string[],
): Promise<T> {
  const found = await tryWhileStill(lab, tryAll)
  const unexpected = unexpectedIn(found)
  if (unexpected.length === 0 || starts >= mostStarts) return found
  await startAnew(lab, `does otherwise than policies say: ${unexpected.slice(0, 5).join(', ')}`)
  return tryWhileStill(lab, tryAll)
}

async function tryWhileStill<T>(lab: Lab, tryAll: (scene: Scene) => Promise<T>): Promise<T> {
  for (let times = 1; ; times++) {
    await settle(lab)
    const before = await lab.readScene()
    const found = await tryAll(before)
    const after = await lab.readScene()
    if (times === mostTimes || writeScene(before) === writeScene(after)) return found
  }
}

async function settle(lab: Lab): Promise<void> {
  await lab.cluster.settle()
  const stale = await lab.cluster.stalePolicies()
  if (stale.length === 0) return
  await startAnew(lab, `has policies that are gone: ${stale.map(writeName).join(', ')}`)
  await lab.cluster.settle()
}

function writeScene({ policies }: Scene): string {
  return JSON.stringify(policies.map(({ metadata: { namespace, name }, spec }) => [namespace, name, spec]))
}

/** Seen: once in some three hundred thousand flows. What comes up more often is not the agent's fault. */
const mostStarts = 3
let starts = 0

async function startAnew({ cluster: { agent } }: Lab, because: string): Promise<void> {
  starts += 1
  console.log(`Cilium's agent ${because}. It is started anew, for the ${starts}. time (docs/cni.md)`)
  await agent.stop()
  await agent.start()
}

const writeName = ({ namespace, name }: KnownPolicy) => `${namespace}/${name}`
