/** Ports on which one end reaches another: what one set has more than another, and how a person says it. */
import type { Protocol } from '../../api/kubernetes.ts'
import type { PortRange } from '../../evaluate/index.ts'

export type PortSet = Readonly<Record<Protocol, readonly PortRange[]>>

export const protocols = ['TCP', 'UDP', 'SCTP'] as const satisfies readonly Protocol[]
const last = 65535
export const everyPort: PortSet = eachProtocol(() => [[1, last]])
export const noPort: PortSet = eachProtocol(() => [])

export function eachProtocol(make: (protocol: Protocol) => readonly PortRange[]): PortSet {
  return { TCP: make('TCP'), UDP: make('UDP'), SCTP: make('SCTP') }
}

/** Ranges are sorted, and neither touch nor overlap. */
export function subtractPorts(some: PortSet, others: PortSet): PortSet {
  return eachProtocol(protocol => subtractRanges(some[protocol], others[protocol]))
}

function subtractRanges(some: readonly PortRange[], others: readonly PortRange[]): readonly PortRange[] {
  return others.reduce<readonly PortRange[]>(
    (left, [from, to]) =>
      left.flatMap(([first, end]): PortRange[] => {
        if (to < first || from > end) return [[first, end]]
        const below: PortRange[] = first < from ? [[first, from - 1]] : []
        const above: PortRange[] = end > to ? [[to + 1, end]] : []
        return [...below, ...above]
      }),
    some,
  )
}

export function isNoPort(ports: PortSet): boolean {
  return protocols.every(protocol => ports[protocol].length === 0)
}

/** `5000/TCP, 8000-8010/TCP`, `every UDP port`, `every port but 5000/TCP` */
export function writePortSet(ports: PortSet): string {
  const holes = subtractPorts(everyPort, ports)
  if (isNoPort(holes)) return 'every port'
  const whole = protocols.filter(protocol => holes[protocol].length === 0)
  const left = protocols.flatMap(protocol => holes[protocol].map(range => writeRange(range, protocol)))
  const hasSome = protocols.every(protocol => ports[protocol].length > 0)
  if (whole.length > 0 && hasSome && left.length <= mostHoles) return `every port but ${left.join(', ')}`
  return protocols.flatMap(protocol => writeProtocol(protocol, ports[protocol], holes[protocol])).join(', ')
}

/** Past this it is shorter to say what is in it. */
const mostHoles = 6

function writeProtocol(protocol: Protocol, ranges: readonly PortRange[], holes: readonly PortRange[]): string[] {
  if (ranges.length === 0) return []
  if (holes.length === 0) return [`every ${protocol} port`]
  const isNearlyAll = holes.length < ranges.length && holes.length <= mostHoles
  if (isNearlyAll)
    return [`every ${protocol} port but ${holes.map(([from, to]) => writeNumbers(from, to)).join(' and ')}`]
  return ranges.map(range => writeRange(range, protocol))
}

function writeRange([first, end]: PortRange, protocol: Protocol): string {
  return `${writeNumbers(first, end)}/${protocol}`
}

const writeNumbers = (first: number, end: number) => (first === end ? `${first}` : `${first}-${end}`)
