/** Grants → rules: the same peer once with all its ports, peers of the same ports in one rule, everything sorted. */
import { type NonEmpty, type Port, portOnWire, sortPorts, writePorts } from '../api/ports.ts'
import { type Source, writeSource } from '../api/source.ts'
import type { WirePeer, WirePort } from './wire.ts'

export interface Grant {
  readonly peer: WirePeer | 'anyone'
  readonly ports: NonEmpty<Port> | 'all'
  readonly because: NonEmpty<Source>
}

/** A rule, and for each of its peers (or for `anyone`) who asked for it. */
export interface Rule {
  readonly peers: NonEmpty<WirePeer> | 'anyone'
  readonly ports: NonEmpty<WirePort> | 'all'
  readonly because: NonEmpty<NonEmpty<Source>>
}

interface Gathered {
  readonly key: string
  readonly peer: Grant['peer']
  readonly ports: readonly Port[] | 'all'
  readonly because: Source[]
}

export function makeRules(grants: readonly Grant[]): Rule[] {
  const byPorts = Map.groupBy(uniteByPeer(grants), ({ peer, ports }) =>
    JSON.stringify([peer === 'anyone', ports === 'all' ? 'all' : writePorts(sortPorts(ports))]),
  )
  return [...byPorts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const sorted = group.sort((a, b) => (a.key < b.key ? -1 : 1))
      const rule = ruleOf(sorted)
      return rule ? [rule] : []
    })
}

function uniteByPeer(grants: readonly Grant[]): Gathered[] {
  const byPeer = new Map<string, Gathered>()
  for (const { peer, ports, because } of grants) {
    const key = JSON.stringify(peer)
    const known = byPeer.get(key)
    byPeer.set(key, {
      key,
      peer,
      ports: known ? unitePorts(known.ports, ports) : ports,
      because: [...(known?.because ?? []), ...because],
    })
  }
  return [...byPeer.values()]
}

function unitePorts(a: Gathered['ports'], b: Gathered['ports']): Gathered['ports'] {
  return a === 'all' || b === 'all' ? 'all' : [...a, ...b]
}

function ruleOf(group: readonly Gathered[]): Rule | undefined {
  const [first, ...others] = group
  const ports = first && (first.ports === 'all' ? first.ports : portsOnWire(first.ports))
  if (!first || !ports) return undefined
  const because: Rule['because'] = [sourcesOf(first), ...others.map(sourcesOf)]
  if (first.peer === 'anyone') return { peers: 'anyone', ports, because }
  return { peers: [first.peer, ...others.flatMap(({ peer }) => (peer === 'anyone' ? [] : [peer]))], ports, because }
}

function portsOnWire(ports: readonly Port[]): NonEmpty<WirePort> | undefined {
  const [first, ...more] = sortPorts(ports).map(port => {
    const { protocol = 'TCP', port: number = 0, endPort } = portOnWire(port)
    return endPort === undefined ? { protocol, port: number } : { protocol, port: number, endPort }
  })
  return first && [first, ...more]
}

function sourcesOf({ because }: Gathered): NonEmpty<Source> {
  const unique = new Map(because.map(source => [sourceKey(source), source]))
  const [first, ...more] = [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source)
  if (!first) throw new Error('every grant has somebody who asked for it')
  return [first, ...more]
}

/** Two entries of one field are two sources. */
function sourceKey(source: Source): string {
  const span = source.said === 'object' && source.span ? ` ${source.span.join('-')}` : ''
  return writeSource(source) + span
}
