/** A decision in, a drawing out: nodes in groups and the lines between them, before any format. */
import { sortPorts, writePorts } from '../../api/ports.ts'
import type { Decision } from '../../engine.ts'
import { portsOf } from '../../intent/members.ts'
import { type Tier, writeKey, writeTier } from '../../intent/tier.ts'
import { type DrawnNode, drawLines, type Line, type Nodes } from './lines.ts'

export type { DrawnNode, Line }

export interface Drawing {
  readonly namespaces: readonly NamespaceGroup[]
  /** Ends that are no tier. */
  readonly outside: readonly DrawnNode[]
  readonly lines: readonly Line[]
}

export interface NamespaceGroup {
  readonly name: string
  /** Where policies are not written: `audit` or `off`. */
  readonly isolation?: string
  readonly apps: readonly { readonly name: string; readonly nodes: readonly DrawnNode[] }[]
}

export function drawGraph(decision: Decision): Drawing {
  const tiers = [...decision.intent.tiers.values()]
  const drawn = new Map(tiers.map((tier, place) => [writeKey(tier.key), drawTier(tier, `t${place + 1}`)]))
  const outside = new Map<string, DrawnNode>()
  const nodes: Nodes = {
    ofTier: key => {
      const node = drawn.get(writeKey(key))
      if (!node) throw new Error(`the tier ${writeKey(key)} has members but is not there`)
      return node
    },
    outside: (side, label) => {
      const key = `${side} ${label}`
      const node = outside.get(key) ?? { id: `o${outside.size + 1}`, label, fullName: label }
      outside.set(key, node)
      return node
    },
  }
  const lines = drawLines(decision, nodes)
  return { namespaces: groupTiers(tiers, nodes, decision), outside: [...outside.values()], lines }
}

function drawTier({ key, members }: Tier, id: string): DrawnNode {
  const ports = sortPorts(members.flatMap(member => portsOf(member.ports)))
  const detail = ports.length === 0 ? 'no ports' : writePorts(ports)
  return { id, label: key.tier, detail, fullName: `${key.namespace}/${writeTier(key)}` }
}

function groupTiers(tiers: readonly Tier[], { ofTier }: Nodes, { intent }: Decision): readonly NamespaceGroup[] {
  const byNamespace = Map.groupBy(tiers, ({ key }) => key.namespace)
  return [...byNamespace].map(([name, inside]): NamespaceGroup => {
    const { isolation } = intent.isolationOf(name)
    const byApp = Map.groupBy(inside, ({ key }) => key.app)
    const apps = [...byApp].map(([app, own]) => ({ name: app, nodes: own.map(({ key }) => ofTier(key)) }))
    return isolation === 'enforce' ? { name, apps } : { name, isolation, apps }
  })
}
