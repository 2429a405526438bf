/** The ports of a rule and a destination in, the port numbers of one protocol that they mean there out. */
import type { PolicyPort, Protocol } from '../api/kubernetes.ts'
import { type End, podForPolicies } from './ends.ts'

/** First and last port, both included. */
export type PortRange = readonly [first: number, last: number]

export const everyPort: PortRange = [1, 65535]

/** No ports, or an empty list of them, means all; an absent protocol means TCP. What the API server refuses means none. */
export function portsOf(
  ports: readonly PolicyPort[] | undefined,
  protocol: Protocol,
  destination: End,
): readonly PortRange[] {
  if (ports === undefined || ports.length === 0) return [everyPort]
  return ports
    .filter(port => (port.protocol ?? 'TCP') === protocol)
    .flatMap(({ port, endPort }) => {
      if (typeof port === 'number') return range(port, endPort ?? port)
      if (endPort !== undefined) return []
      return port === undefined ? [everyPort] : portsNamed(port, protocol, destination)
    })
}

export function includesPort(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(([first, last]) => first <= port && port <= last)
}

/** A name may stand for several numbers: containers of one pod may share it. */
function portsNamed(name: string, protocol: Protocol, destination: End): readonly PortRange[] {
  const declared = podForPolicies(destination)?.ports ?? []
  return declared
    .filter(port => port.name === name && port.protocol === protocol)
    .map(({ containerPort }) => [containerPort, containerPort])
}

function range(first: number, last: number): readonly PortRange[] {
  return everyPort[0] <= first && first <= last && last <= everyPort[1] ? [[first, last]] : []
}
