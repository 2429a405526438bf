/** Grants → rules: the same peer once with all its ports, peers of the same ports in one rule, everything sorted. */
import { type NonEmpty, type Port, portOnWire, sortPorts, writePorts } from '../api/ports.ts'
import { type Source, writeSource } from '../api/source.ts'
import type { KeyedPeer } from './peers.ts'
import type { WirePeer, WirePort } from './wire.ts'

export interface Grant {
  readonly to: KeyedPeer
  readonly ports: NonEmpty<Port> | 'all'
  readonly because: NonEmpty<Source>
}

/** A rule, and for each of its peers (or for `anyone`) who asked for it. */
export interface Rule {
  readonly peers: NonEmpty<WirePeer> | 'anyone'
  readonly ports: NonEmpty<WirePort> | 'all'
  readonly because: NonEmpty<NonEmpty<Source>>
}

export function makeRules(grants: readonly Grant[]): Rule[] {
  const byPorts = Map.groupBy(uniteByPeer(grants), ({ to, ports }) => {
    const who = to.peer === 'anyone' ? 'anyone' : 'some'
    return ports === 'all' ? `${who} all` : `${who} ${writePorts(ports)}`
  })
  return [...byPorts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]) => (first ? [ruleOf(first, others)] : []))
}

/** Sorted by peer, each peer once. */
function uniteByPeer(grants: readonly Grant[]): Grant[] {
  const byPeer = Map.groupBy(grants, ({ to }) => to.key)
  return [...byPeer]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]) => (first ? [others.reduce(unite, first)] : []))
}

function unite(a: Grant, b: Grant): Grant {
  const ports: Grant['ports'] = a.ports === 'all' || b.ports === 'all' ? 'all' : sortPorts([...a.ports, ...b.ports])
  return { to: a.to, ports, because: [...a.because, ...b.because] }
}

function ruleOf(first: Grant, others: readonly Grant[]): Rule {
  const because: Rule['because'] = [sourcesOf(first), ...others.map(sourcesOf)]
  const ports = first.ports === 'all' ? first.ports : portsOnWire(first.ports)
  const { peer } = first.to
  if (peer === 'anyone') return { peers: peer, ports, because }
  return { peers: [peer, ...others.flatMap(({ to }) => (to.peer === 'anyone' ? [] : [to.peer]))], ports, because }
}

function portsOnWire([first, ...more]: NonEmpty<Port>): NonEmpty<WirePort> {
  return [portOnWire(first), ...more.map(portOnWire)]
}

function sourcesOf({ because }: Grant): NonEmpty<Source> {
  if (because.length === 1) return because
  const unique = new Map(because.map(source => [sourceKey(source), source]))
  const [first = because[0], ...more] = [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, source]) => source)
  return [first, ...more]
}

/** Two entries of one field are two sources. */
function sourceKey(source: Source): string {
  const span = source.said === 'object' && source.span ? ` ${source.span.join('-')}` : ''
  return writeSource(source) + span
}
