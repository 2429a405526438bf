/** Facts in, the network plugins of the cluster out, each with whether it enforces. */
import type { Agent, Facts } from '../facts.ts'
import { isBefore, readVersion, tagOf, type Version } from '../version.ts'
import { agentKinds, nodeKinds } from './known.ts'
import { type AgentKind, type Plugin, readSettings, type SettingReader } from './plugin.ts'

export type { Plugin }

/** Those with an agent first, in the order of the table. */
export function findPlugins(facts: Facts): readonly Plugin[] {
  const setting = readSettings(facts)
  const agents = 'seen' in facts.agents ? facts.agents.seen : []
  const hasNodes = !('seen' in facts.nodes) || facts.nodes.seen.length > 0
  return [
    ...agentKinds.flatMap(kind => agents.flatMap(agent => sightAgent(kind, agent, setting, hasNodes))),
    ...sightNodes(facts, setting),
  ]
}

function sightAgent(kind: AgentKind, agent: Agent, setting: SettingReader, hasNodes: boolean): Plugin[] {
  const found = kind.find(agent)
  if (found === undefined) return []
  const container = found === true ? undefined : found
  const version = container && tagOf(container.image)
  const sighting = { agent, container, version, setting }
  const plugin: Plugin = {
    name: kind.name,
    version,
    where: `DaemonSet ${agent.namespace}/${agent.name}`,
    enforcement: kind.judge?.(sighting) ?? { is: 'on' },
    ignoresPortRanges: ignoresPortRanges(kind, version),
    ignoresNodeAddresses: kind.ignoresNodeAddresses?.(sighting) ?? false,
    ignoresPodAddresses: kind.ignoresPodAddresses ?? false,
    ...cautionFor(kind, version),
    agent,
  }
  return [hasNodes && agent.wanted === 0 ? asIdle(plugin) : plugin]
}

const passesOverNothing = { ignoresPortRanges: false, ignoresNodeAddresses: false, ignoresPodAddresses: false } as const

/** Whoever moves to another plugin often leaves the old one's DaemonSet behind, with a selector that no node has. */
function asIdle(plugin: Plugin): Plugin {
  const enforcement = { is: 'off', because: 'runs on no node', fix: 'look at its nodeSelector' } as const
  return { ...plugin, enforcement, ...passesOverNothing }
}

function ignoresPortRanges({ portRangesSince }: AgentKind, version: string | undefined): boolean {
  return portRangesSince !== undefined && (portRangesSince === 'never' || isOlder(version, portRangesSince))
}

function cautionFor({ caution }: AgentKind, version: string | undefined): Pick<Plugin, 'caution'> {
  if (caution === undefined) return {}
  return caution.before === undefined || isOlder(version, caution.before) ? { caution } : {}
}

/** A version that nobody can read is not known to be older. */
function isOlder(version = '', than: Version): boolean {
  const read = readVersion(version)
  return read !== undefined && isBefore(read, than)
}

function sightNodes({ nodes }: Facts, setting: SettingReader): Plugin[] {
  if ('unseen' in nodes) return []
  return nodeKinds.flatMap((kind): Plugin[] => {
    const [first, ...more] = nodes.seen.filter(kind.isOn)
    if (!first) return []
    return [
      {
        name: kind.name,
        version: first.version,
        where: kind.where,
        enforcement: kind.judge([first, ...more], setting),
        ...passesOverNothing,
      },
    ]
  })
}
