/** The graph's edges → the lines of a drawing, one for all that goes from one node to another. */

import { compareText } from '../../api/order.ts'
import { type Port, sortPorts, writePorts } from '../../api/ports.ts'
import type { Source } from '../../api/source.ts'
import type { Decision } from '../../engine.ts'
import type { MissingEdge, OpenEdge, TierEdge } from '../../graph/edge.ts'
import { findTiers, indexTiers, type Lookup } from '../../graph/lookup.ts'
import { isTierPeer } from '../../graph/outside.ts'
import { entriesOf } from '../../intent/members.ts'
import type { TierKey } from '../../intent/tier.ts'
import { describeReason } from '../explain/missing.ts'
import { labelOf } from './labels.ts'

export interface DrawnNode {
  readonly id: string
  readonly label: string
  readonly detail?: string
  /** What the node stands for, on its own, as a table names it. */
  readonly fullName: string
}

export interface Line {
  readonly from: DrawnNode
  readonly to: DrawnNode
  readonly ports: string
  /** Why it is not there: then it is only asked for. */
  readonly missing?: string
  readonly because: readonly Source[]
}

/** Where lines begin and end. */
export interface Nodes {
  readonly ofTier: (key: TierKey) => DrawnNode
  /** An end that is no tier: who connects and what is connected to are two nodes, on two sides of the picture. */
  readonly outside: (side: 'from' | 'to', label: string) => DrawnNode
}

export function drawLines({ graph, intent, snapshot }: Decision, nodes: Nodes): readonly Line[] {
  const lookup = indexTiers(intent, snapshot)
  return uniteLines([
    ...graph.tierEdges.map(edge => drawTierEdge(edge, nodes)),
    ...graph.openEdges.map(edge => drawOpenEdge(edge, nodes)),
    ...graph.missing.flatMap(edge => drawMissing(edge, lookup, nodes)),
  ])
}

interface RawLine extends Pick<Line, 'from' | 'to' | 'missing' | 'because'> {
  readonly ports: readonly Port[] | 'all'
}

function drawTierEdge({ client, server, serverSide, clientSide, because }: TierEdge, { ofTier }: Nodes): RawLine {
  const ports = serverSide.length > 0 ? serverSide : clientSide
  return { from: ofTier(client.key), to: ofTier(server.key), ports, because }
}

function drawOpenEdge(edge: OpenEdge, { ofTier, outside }: Nodes): RawLine {
  const { direction, member, ports, because } = edge
  const tier = ofTier(member.key)
  if (direction === 'ingress') return { from: outside('from', labelOf(edge)), to: tier, ports, because }
  return { from: tier, to: outside('to', labelOf(edge)), ports, because }
}

function drawMissing(
  { member, label, reason, because }: MissingEdge,
  lookup: Lookup,
  { ofTier, outside }: Nodes,
): RawLine[] {
  const ofFrom = entriesOf(member.from).find(entry => entry.because === because)
  const peer = (ofFrom ?? entriesOf(member.to).find(entry => entry.because === because))?.peer
  const tiers = peer && isTierPeer(peer) ? findTiers(peer, member.key, lookup) : []
  const known = tiers.map(({ key }) => ofTier(key))
  const ends = known.length > 0 ? known : [outside(ofFrom ? 'from' : 'to', `${label}, which is not there`)]
  const tier = ofTier(member.key)
  const line = { ports: [], missing: describeReason(reason), because: [because] }
  return ends.map(end => (ofFrom ? { ...line, from: end, to: tier } : { ...line, from: tier, to: end }))
}

function uniteLines(lines: readonly RawLine[]): readonly Line[] {
  const between = Map.groupBy(lines, ({ from, to, missing = '' }) => `${from.id} ${to.id} ${missing}`)
  return [...between.values()]
    .flatMap(([first, ...more]): Line[] => {
      if (!first) return []
      const all = [first, ...more]
      const isAll = all.some(({ ports }) => ports === 'all')
      const ports = sortPorts(all.flatMap(({ ports }) => (ports === 'all' ? [] : ports)))
      const because = [...new Map(all.flatMap(one => one.because).map(one => [JSON.stringify(one), one])).values()]
      return [{ ...first, ports: isAll ? 'all ports' : writePorts(ports), because }]
    })
    .sort((a, b) => compareText(a.from.fullName, b.from.fullName) || compareText(a.to.fullName, b.to.fullName))
}
