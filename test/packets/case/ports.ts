/** Every port that anybody in a case names, and one that nobody does. */
import type { KubernetesObject } from '../../../src/api/kubernetes.ts'
import type { Probe } from '../../properties/oracle.ts'
import { membersOf } from '../../properties/oracle.ts'
import type { Port, Protocol } from '../../properties/shapes.ts'
import type { Case } from './read-case.ts'
import { worldOf } from './world-of.ts'

export const nobodysPort: Probe = { port: 9999, protocol: 'TCP' }

export function portsOfCase({ steps }: Case): readonly Probe[] {
  const lines = steps.flatMap(step => step.lines.flatMap(({ port }) => (port.by === 'number' ? edgesOf(port) : [])))
  return uniqueProbes([
    ...lines,
    ...steps.flatMap(({ known }) => declaredPorts(known)),
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
    nobodysPort,
  ])
}

function declaredPorts(objects: readonly KubernetesObject[]): readonly Probe[] {
  const world = worldOf(objects, [])
  const members = membersOf(world).flatMap(({ ports, from, to }) => [
    ...ports,
    ...[...from, ...to].flatMap(entry => entry.ports ?? []),
  ])
  const containers = world.workloads.flatMap(({ containerPorts }) =>
    containerPorts.map(({ containerPort, protocol }) => ({ port: containerPort, protocol })),
  )
  return [...containers, ...members.flatMap((port: Port) => ('name' in port ? [] : edgesOf(port)))]
}

/** Of a range the first two, the last, and its neighbour. */
function edgesOf(range: {
  readonly first: number
  readonly last: number
  readonly protocol: Protocol
}): readonly Probe[] {
  const { first, last, protocol } = range
  const ports = first === last ? [first] : [first, first + 1, last, last + 1]
  return ports.filter(port => port <= 65535).map(port => ({ port, protocol }))
}

export function uniqueProbes(probes: readonly Probe[]): readonly Probe[] {
  const unique = new Map(probes.map(probe => [`${probe.protocol} ${String(probe.port).padStart(5, '0')}`, probe]))
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, probe]) => probe)
}
