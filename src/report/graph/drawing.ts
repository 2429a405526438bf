/** A decision in, a drawing out: nodes in groups and the lines between them, before any format. */
import { writeSelector } from '../../api/peers.ts'
import { type Port, sortPorts, writePorts } from '../../api/ports.ts'
import type { Source } from '../../api/source.ts'
import type { Decision } from '../../engine.ts'
import type { MissingEdge, OpenEdge, Outside } from '../../graph/edge.ts'
import { findTiers, indexTiers, type Lookup } from '../../graph/lookup.ts'
import { isTierPeer } from '../../graph/outside.ts'
import { entriesOf, portsOf } from '../../intent/members.ts'
import { compareText } from '../../intent/snapshot.ts'
import { type Member, type Tier, writeKey, writeTier } from '../../intent/tier.ts'
import { describeReason } from '../explain/missing.ts'

export interface Drawing {
  readonly namespaces: readonly NamespaceGroup[]
  /** Ends that are no tier: on the left who connects, on the right what is connected to. */
  readonly outside: readonly DrawnNode[]
  readonly lines: readonly Line[]
}

export interface NamespaceGroup {
  readonly name: string
  /** Where policies are not written: `audit` or `off`. */
  readonly isolation?: string
  readonly apps: readonly { readonly name: string; readonly nodes: readonly DrawnNode[] }[]
}

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

export function drawGraph(decision: Decision): Drawing {
  const { graph, intent, snapshot } = decision
  const lookup = indexTiers(intent, snapshot)
  const tiers = [...intent.tiers.values()]
  const nodes = new Map(tiers.map((tier, place) => [writeKey(tier.key), drawTier(tier, `t${place + 1}`)]))
  const outside = new Map<string, DrawnNode>()
  const nodeOf = ({ key }: Member): DrawnNode => {
    const node = nodes.get(writeKey(key))
    if (!node) throw new Error(`the tier ${writeKey(key)} has members but is not there`)
    return node
  }
  const outsider = (side: 'from' | 'to', label: string): DrawnNode => {
    const key = `${side} ${label}`
    const node = outside.get(key) ?? { id: `o${outside.size + 1}`, label, fullName: label }
    outside.set(key, node)
    return node
  }
  const lines = [
    ...graph.tierEdges.map(
      ({ client, server, serverSide, clientSide, because }): RawLine => ({
        from: nodeOf(client),
        to: nodeOf(server),
        ports: serverSide.length > 0 ? serverSide : clientSide,
        because,
      }),
    ),
    ...graph.openEdges.map((edge): RawLine => {
      const isIn = edge.direction === 'ingress'
      const end = outsider(isIn ? 'from' : 'to', labelOf(edge))
      const node = nodeOf(edge.member)
      return { from: isIn ? end : node, to: isIn ? node : end, ports: edge.ports, because: edge.because }
    }),
    ...graph.missing.flatMap(edge => drawMissing(edge, lookup, nodes, nodeOf, outsider)),
  ]
  return { namespaces: groupNodes(tiers, nodes, decision), outside: [...outside.values()], lines: uniteLines(lines) }
}

interface RawLine extends Pick<Line, 'from' | 'to' | 'missing' | 'because'> {
  readonly ports: readonly Port[] | 'all'
}

function drawTier({ key, members }: Tier, id: string): DrawnNode {
  const ports = sortPorts(members.flatMap(member => portsOf(member.ports)))
  const detail = ports.length === 0 ? 'no ports' : writePorts(ports)
  return { id, label: key.tier, detail, fullName: `${key.namespace}/${writeTier(key)}` }
}

/** What is relative to a namespace says which. */
function labelOf({ peer, label, member }: OpenEdge): string {
  if (peer.is === 'namespace') return `any pod of ${member.key.namespace}`
  if (peer.is === 'pods-of') return `any pod of ${peer.namespace}`
  if (peer.is === 'cluster') return 'any pod of the cluster'
  return peer.is === 'pods' && !label.startsWith('@') ? selectorLabel(peer, member.key.namespace) : label
}

function selectorLabel(
  { podSelector, namespaceSelector }: Extract<Outside, { is: 'pods' }>,
  namespace: string,
): string {
  const pods = podSelector ? `pods ${writeSelector(podSelector)}` : 'any pod'
  return `${pods} in ${namespaceSelector ? `namespaces ${writeSelector(namespaceSelector)}` : namespace}`
}

function drawMissing(
  { member, label, reason, because }: MissingEdge,
  lookup: Lookup,
  nodes: ReadonlyMap<string, DrawnNode>,
  nodeOf: (member: Member) => DrawnNode,
  outsider: (side: 'from' | 'to', label: string) => DrawnNode,
): RawLine[] {
  const ofFrom = entriesOf(member.from).find(entry => entry.because === because)
  const peer = (ofFrom ?? entriesOf(member.to).find(entry => entry.because === because))?.peer
  const tiers = peer && isTierPeer(peer) ? findTiers(peer, member.key, lookup) : []
  const known = tiers.flatMap(({ key }) => nodes.get(writeKey(key)) ?? [])
  const ends = known.length > 0 ? known : [outsider(ofFrom ? 'from' : 'to', `${label}, which is not there`)]
  const node = nodeOf(member)
  const missing = describeReason(reason)
  return ends.map(end => ({
    from: ofFrom ? end : node,
    to: ofFrom ? node : end,
    ports: [],
    missing,
    because: [because],
  }))
}

/** One line for all that goes from one node to another. */
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

function groupNodes(
  tiers: readonly Tier[],
  nodes: ReadonlyMap<string, DrawnNode>,
  { intent }: Decision,
): readonly NamespaceGroup[] {
  const byNamespace = Map.groupBy(tiers, ({ key }) => key.namespace)
  return [...byNamespace].map(([name, inside]): NamespaceGroup => {
    const { isolation } = intent.isolationOf(name)
    const byApp = Map.groupBy(inside, ({ key }) => key.app)
    const apps = [...byApp].map(([app, own]) => ({
      name: app,
      nodes: own.flatMap(({ key }) => nodes.get(writeKey(key)) ?? []),
    }))
    return isolation === 'enforce' ? { name, apps } : { name, isolation, apps }
  })
}
