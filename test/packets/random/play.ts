/** Random applications, one on each lane, with the operator running → the sums and differences of each. */
import { writePolicy } from '../../operator/cluster.ts'
import { renderWorld, type Wire } from '../../properties/engine.ts'
import type { World } from '../../properties/shapes.ts'
import type { Lab } from '../case/lab.ts'
import { whileStill } from '../case/still.ts'
import { untilWritten } from '../case/written.ts'
import { answersFor, type Comparison, compareAnswers } from '../flows/compare.ts'
import { declaredBy } from '../flows/declared.ts'
import type { Scene } from '../flows/scene.ts'
import { tryFlows } from '../flows/try.ts'
import type { Ground } from './ground.ts'
import { readOthers } from './others.ts'
import { flowsOf, partiesOf } from './parties.ts'
import type { AppPick } from './picks.ts'
import { namespacesOf, randomProbes, slots } from './slots.ts'

export interface Played extends Comparison {
  readonly triedAgain: readonly string[]
}

export async function playApps(lab: Lab, ground: Ground, picks: readonly AppPick[]): Promise<readonly Played[]> {
  const worlds = await Promise.all(picks.map((pick, lane) => ground.put(pick, lane)))
  await Promise.all(worlds.map((world, lane) => untilWritten(() => lookAtPolicies(lab, world, lane))))
  const tryAll = async (scene: Scene) => {
    const answers = answersFor(scene)
    const played: Played[] = []
    for (const [lane, pick] of picks.entries()) {
      const world = worlds[lane]
      if (world === undefined) throw new Error('every pick has its world')
      const hostOf = hostsOf(ground, lane)
      const flows = flowsOf(
        partiesOf(world, ({ ips: [address = ''] }) => hostOf(address)),
        lab.always,
      )
      const { reached, triedAgain } = await tryFlows(flows, answers.expected)
      const declared = declaredBy(world, randomProbes, readOthers(pick, lane))
      played.push({ ...compareAnswers(flows, reached, answers, declared), triedAgain })
    }
    return played
  }
  return whileStill(lab, tryAll, played => played.flatMap(({ unexpected }) => unexpected))
}

function hostsOf({ hostAt }: Ground, lane: number) {
  const hosts = namespacesOf(lane).flatMap(namespace => slots.map(({ name }) => hostAt(namespace, name)))
  const byAddress = new Map(hosts.map(host => [host.address, host]))
  return (address: string) => {
    const host = byAddress.get(address)
    if (!host) throw new Error(`nobody here has ${address}`)
    return host
  }
}

async function lookAtPolicies({ api }: Lab, world: World, lane: number) {
  const live = (await Promise.all(namespacesOf(lane).map(api.policies))).flat()
  const ours = live.filter(({ metadata }) => metadata.name.startsWith('tierwall-'))
  return { wanted: writeSpecs(renderWorld(world).policies), there: writeSpecs(ours) }
}

/** An API server keeps the order of the keys that it has in mind. */
function writeSpecs(policies: readonly Pick<Wire, 'metadata' | 'spec'>[]): string {
  const written = policies.map(({ metadata: { namespace, name }, spec }) =>
    writePolicy({ metadata: { namespace, name, labels: {}, annotations: {} }, spec }),
  )
  return written.sort().join('\n')
}
