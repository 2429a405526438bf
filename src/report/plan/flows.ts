/** Two worlds → the flows that open and those that are cut on the way from one to the other, many of them in one line. */
import type { NetworkPolicy } from '../../api/kubernetes.ts'
import { compareText } from '../../api/order.ts'
import { allowedPorts, type Direction, type End, type PolicyIndex } from '../../evaluate/index.ts'
import type { World } from '../world/index.ts'
import { nameCrowds } from './crowd.ts'
import { gatherParties, type Party } from './parties.ts'
import { eachProtocol, isNoPort, noPort, type PortSet, subtractPorts, writePortSet } from './ports.ts'

export interface FlowGroup {
  /** Any of these to any of those. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly ports: string
}

export type FlowChanges =
  | { readonly is: 'known'; readonly opened: readonly FlowGroup[]; readonly cut: readonly FlowGroup[] }
  /** There are more pairs of ends than anybody would wait for. */
  | { readonly is: 'too-many'; readonly pairs: number }

/** A quarter of a million take some seconds. */
const mostPairs = 250_000

/** Flows that begin or end in one of these namespaces; nothing for all of them. */
export function compareFlows(before: World, after: World, namespaces?: ReadonlySet<string>): FlowChanges {
  const parties = gatherParties(before, after, changedPolicies(before, after))
  const isMeant = ({ namespace }: Party) => namespaces === undefined || namespaces.has(namespace)
  const moved = (direction: Direction) =>
    new Set(parties.filter(party => isMeant(party) && isMoved(party, direction, before.index, after.index)))
  const [sources, destinations] = [moved('egress'), moved('ingress')]
  const targets = [...destinations]
  const pairs = sources.size * parties.length + destinations.size * (parties.length - sources.size)
  if (pairs > mostPairs) return { is: 'too-many', pairs }
  const differences = parties.flatMap(from =>
    (sources.has(from) ? parties : targets).flatMap(to => compareFlow(from, to, before.index, after.index)),
  )
  return {
    is: 'known',
    opened: groupFlows(differences, 'opened', parties),
    cut: groupFlows(differences, 'cut', parties),
  }
}

function changedPolicies(before: World, after: World): readonly NetworkPolicy[] {
  const [now, then] = [new Set(before.policies), new Set(after.policies)]
  return [...now.symmetricDifference(then)]
}

/** Whether other policies speak of it in this direction than before, or it is another one itself. */
function isMoved({ before, after }: Party, direction: Direction, now: PolicyIndex, then: PolicyIndex): boolean {
  const was = now.isolationOf(before ?? after, direction).policies
  const will = then.isolationOf(after, direction).policies
  return was.length !== will.length || was.some((policy, place) => policy !== will[place])
}

interface Difference {
  readonly from: Party
  readonly to: Party
  readonly opened: PortSet
  readonly cut: PortSet
}

function compareFlow(from: Party, to: Party, now: PolicyIndex, then: PolicyIndex): Difference[] {
  if (from.after.is === 'address' && to.after.is === 'address') return []
  const other = twinOf(to, from)
  const was = from.before && other.before ? portsBetween(from.before, other.before, now) : noPort
  const will = portsBetween(from.after, other.after, then)
  const [opened, cut] = [subtractPorts(will, was), subtractPorts(was, will)]
  return isNoPort(opened) && isNoPort(cut) ? [] : [{ from, to, opened, cut }]
}

function portsBetween(from: End, to: End, index: PolicyIndex): PortSet {
  return eachProtocol(protocol => allowedPorts(index, from, to, protocol))
}

/** A pod always reaches itself, so it is another one of its kind that is asked about. */
function twinOf(to: Party, from: Party): Pick<Party, 'before' | 'after'> {
  if (to !== from) return to
  return { before: to.before && anotherOf(to.before), after: anotherOf(to.after) }
}

function anotherOf(end: End): End {
  return end.is === 'pod' ? { ...end, name: `${end.name} (another)`, ips: [] } : end
}

/** By the same ports, first all who meet one end, then all ends that the same ones meet. */
function groupFlows(
  differences: readonly Difference[],
  kind: 'opened' | 'cut',
  parties: readonly Party[],
): readonly FlowGroup[] {
  const nameCrowd = nameCrowds(parties)
  const numbers = new Map(parties.map((party, number) => [party, number]))
  const some = differences.filter(difference => !isNoPort(difference[kind]))
  const byTarget = Map.groupBy(some, ({ to, [kind]: ports }) => `${numbers.get(to)} ${writePortSet(ports)}`)
  const targets = [...byTarget.values()].flatMap(all => {
    const [first] = all
    return first ? [{ to: first.to, ports: writePortSet(first[kind]), from: new Set(all.map(({ from }) => from)) }] : []
  })
  const bySources = Map.groupBy(targets, ({ from, ports }) => {
    const sorted = [...from].map(party => numbers.get(party) ?? 0).sort((a, b) => a - b)
    return `${ports} ${sorted.join(',')}`
  })
  return [...bySources.values()]
    .flatMap((all): FlowGroup[] => {
      const [first] = all
      if (!first) return []
      return [{ from: nameCrowd(first.from), to: nameCrowd(new Set(all.map(({ to }) => to))), ports: first.ports }]
    })
    .sort((a, b) => compareText(writeKey(a), writeKey(b)))
}

const writeKey = ({ from, to, ports }: FlowGroup) => JSON.stringify([to, from, ports])
