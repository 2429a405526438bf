/** What a world declares, by the oracle that was written from the design, with policies of others counted in. */
import type { NetworkPolicy } from '../../../src/api/kubernetes.ts'
import type { DirectionVerdict } from '../../../src/evaluate/index.ts'
import { type Answer, declaredReach, isEnforced, membersOf, type Probe } from '../../properties/oracle.ts'
import type { World } from '../../properties/shapes.ts'
import type { Declared } from './compare.ts'
import type { Flow } from './flow.ts'
import { type Judge, judgeBy, makeScene } from './scene.ts'

export function declaredBy(world: World, probes: readonly Probe[], others: readonly NetworkPolicy[] = []): Declared {
  const places = new Map(probes.map(({ port, protocol }, place) => [`${port}/${protocol}`, BigInt(place)]))
  const bit = (answer: Answer, { port, protocol }: Flow): boolean | undefined => {
    const place = places.get(`${port}/${protocol}`)
    if (place === undefined) throw new Error(`nobody asked for port ${port}/${protocol}`)
    const mask = 1n << place
    if ((answer.must & mask) !== 0n) return true
    return (answer.may & mask) === 0n ? false : undefined
  }
  if (others.length === 0) {
    const reach = declaredReach(world, probes)
    return flow => bit(reach(flow.from.end, flow.to.end), flow)
  }
  const out = declaredReach(world, probes, () => true, 'egress')
  const into = declaredReach(world, probes, () => true, 'ingress')
  const foreign = judgeOthers(world, others)
  const isolates = isolatesBy(world)
  return flow => {
    const { egress, ingress } = foreign(flow)
    return both(
      withOthers(bit(out(flow.from.end, flow.to.end), flow), egress, isolates(flow.from.end)),
      withOthers(bit(into(flow.from.end, flow.to.end), flow), ingress, isolates(flow.to.end)),
    )
  }
}

function judgeOthers(world: World, others: readonly NetworkPolicy[]): Judge {
  const labels = new Map(world.namespaces.map(namespace => [namespace.name, namespace.labels]))
  return judgeBy(makeScene(others, namespace => labels.get(namespace) ?? {}))
}

function isolatesBy(world: World): (end: Flow['from']['end']) => boolean {
  const members = membersOf(world)
  const enforced = new Set(
    world.namespaces.map(({ name }) => name).filter(name => isEnforced(world, members, name) !== 'no'),
  )
  return end => 'name' in end && enforced.has(end.namespace)
}

/** Policies add up: where Tierwall isolates, others can only open; where it does not, they alone decide. */
function withOthers(
  ours: boolean | undefined,
  { allowed, grants }: DirectionVerdict,
  isIsolated: boolean,
): boolean | undefined {
  if (!isIsolated) return allowed
  return grants.length > 0 ? true : ours
}

function both(one: boolean | undefined, other: boolean | undefined): boolean | undefined {
  if (one === false || other === false) return false
  return one === undefined || other === undefined ? undefined : true
}
