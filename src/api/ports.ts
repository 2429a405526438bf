/** Ports as a person writes them (`5000`, `8000-8010/UDP`, `metrics`) → ports as values. */
import { isPortName } from './formats.ts'
import type { Protocol } from './kubernetes.ts'
import { limits } from './limits.ts'
import type { Fault } from './problem.ts'

export type Port =
  | { readonly by: 'number'; readonly first: number; readonly last: number; readonly protocol: Protocol }
  | { readonly by: 'name'; readonly name: string; readonly protocol: Protocol }

export type NonEmpty<T> = readonly [T, ...T[]]

export function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0
}

export type Read<T> = { readonly value: T } | { readonly fault: Fault }

const fault = (message: string, fix: string): { fault: Fault } => ({ fault: { code: 'port-invalid', message, fix } })

const protocols: readonly string[] = ['TCP', 'UDP', 'SCTP'] satisfies Protocol[]

function isProtocol(word: string): word is Protocol {
  return protocols.includes(word)
}

/** One port: `80`, `80-90`, `http`, each with `/TCP`, `/UDP` or `/SCTP`. */
export function readPort(text: string): Read<Port> {
  const [written = '', protocol = 'TCP', ...more] = text.split('/')
  if (more.length > 0 || !isProtocol(protocol)) {
    const upper = protocol.toUpperCase()
    return fault(
      `'${text}' has no protocol that is known`,
      isProtocol(upper) ? `write ${written}/${upper}` : 'write TCP, UDP or SCTP after the slash',
    )
  }
  const range = /^([0-9]+)(?:-([0-9]+))?$/.exec(written)
  if (range) return readNumbers(written, range[1] ?? '', range[2] ?? range[1] ?? '', protocol)
  if (isPortName(written)) return { value: { by: 'name', name: written, protocol } }
  if (written === '') return fault('a port is missing', 'write a number, a range or a container port name')
  return fault(
    `'${written}' is neither a port number, a range nor a port name`,
    'write 1 to 65535, FIRST-LAST, or a name of at most 15 lower-case letters, digits and dashes',
  )
}

function readNumbers(text: string, from: string, to: string, protocol: Protocol): Read<Port> {
  const first = Number(from)
  const last = Number(to)
  if (/^0/.test(from) || /^0/.test(to) || first > 65535 || last > 65535)
    return fault(`'${text}' is outside of 1 to 65535`, 'write a port from 1 to 65535 without leading zeros')
  if (last < first) return fault(`'${text}' runs backwards`, `write ${last}-${first}`)
  return { value: { by: 'number', first, last, protocol } }
}

/** The same ports once each, in one order for any order of input. */
export function sortPorts(ports: NonEmpty<Port>): NonEmpty<Port>
export function sortPorts(ports: readonly Port[]): readonly Port[]
export function sortPorts(ports: readonly Port[]): readonly Port[] {
  if (ports.length < 2) return ports
  const unique = new Map(ports.map(port => [writePort(port), port]))
  return [...unique.values()].sort(comparePorts)
}

function comparePorts(a: Port, b: Port): number {
  if (a.by === 'number' && b.by === 'number') {
    if (a.first !== b.first) return a.first - b.first
    if (a.last !== b.last) return a.last - b.last
  } else if (a.by === 'name' && b.by === 'name') {
    if (a.name !== b.name) return a.name < b.name ? -1 : 1
  } else return a.by === 'number' ? -1 : 1
  return protocols.indexOf(a.protocol) - protocols.indexOf(b.protocol)
}

/** TCP goes without saying. */
export function writePort(port: Port): string {
  const protocol = port.protocol === 'TCP' ? '' : `/${port.protocol}`
  if (port.by === 'name') return port.name + protocol
  return (port.first === port.last ? `${port.first}` : `${port.first}-${port.last}`) + protocol
}

export function writePorts(ports: readonly Port[]): string {
  return ports.map(writePort).join(', ')
}

export interface WirePort {
  readonly protocol: Protocol
  readonly port: number | string
  readonly endPort?: number
}

export function portOnWire(port: Port): WirePort {
  if (port.by === 'name') return { protocol: port.protocol, port: port.name }
  if (port.first === port.last) return { protocol: port.protocol, port: port.first }
  return { protocol: port.protocol, port: port.first, endPort: port.last }
}

/** `tierwall.dev/ports`: a list, or `none`. */
export function readPortList(text: string): { ports: readonly Port[]; faults: readonly Fault[] } {
  const { entries, faults } = splitList(text, 'ports', limits.ports)
  if (faults.length > 0 || entries === 'none') return { ports: [], faults }
  const ports: Port[] = []
  const wrong: Fault[] = []
  for (const { text: entry, span } of entries) {
    const read = readPort(entry)
    if ('value' in read) ports.push(read.value)
    else wrong.push({ ...read.fault, span })
  }
  return { ports: sortPorts(ports), faults: wrong }
}

export interface ListEntry {
  readonly text: string
  readonly span: readonly [number, number]
}

/** A comma-separated list, with the place of each entry; `none` alone is the empty list. */
export function splitList(
  text: string,
  what: 'ports' | 'peers',
  most: number,
): { entries: readonly ListEntry[] | 'none'; faults: readonly Fault[] } {
  const refuse = (code: Fault['code'], message: string, fix: string, span?: ListEntry['span']) => ({
    entries: [],
    faults: [span ? { code, message, fix, span } : { code, message, fix }],
  })
  if (text.length > limits.characters)
    return refuse(
      'list-too-long',
      `the value has ${text.length} characters, the limit is ${limits.characters}`,
      `shorten the list, or write an AppTier`,
    )
  if (text.trim() === '')
    return refuse('list-empty', 'the value is empty', `write none for no ${what}, or take the annotation away`)
  const entries: ListEntry[] = []
  let start = 0
  for (const raw of text.split(',')) {
    const entry = raw.trim()
    const from = start + raw.indexOf(entry)
    const span: ListEntry['span'] = [from, from + entry.length]
    if (entry === '')
      return refuse('list-empty', 'an entry between two commas is empty', 'take the extra comma away', [
        start,
        start + raw.length,
      ])
    entries.push({ text: entry, span })
    start += raw.length + 1
  }
  if (entries.length === 1 && entries[0]?.text === 'none') return { entries: 'none', faults: [] }
  const none = entries.find(entry => entry.text === 'none')
  if (none)
    return refuse('none-not-alone', 'none stands beside other entries', 'write none alone, or take it out', none.span)
  if (entries.length > most)
    return refuse(
      'list-too-long',
      `the list has ${entries.length} ${what}, the limit is ${most}`,
      'write fewer, wider entries',
    )
  return { entries, faults: [] }
}
