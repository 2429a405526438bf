/** What was tried while policies stood still: an operator that was still at it makes what packets did mean nothing. */
import type { Scene } from '../flows/scene.ts'
import type { Lab } from './lab.ts'

const mostTimes = 4

export async function whileStill<T>({ cluster, readScene }: Lab, tryAll: (scene: Scene) => Promise<T>): Promise<T> {
  for (let times = 1; ; times++) {
    await cluster.settle()
    const before = await readScene()
    const found = await tryAll(before)
    const after = await readScene()
    if (times === mostTimes || writeScene(before) === writeScene(after)) return found
  }
}

function writeScene({ policies }: Scene): string {
  return JSON.stringify(policies.map(({ metadata: { namespace, name }, spec }) => [namespace, name, spec]))
}
