/** A network plugin that was found, and whether it does what NetworkPolicies say. */
import type { Agent, Container, Facts, Look, Node, Settings } from '../facts.ts'
import type { Version } from '../version.ts'

export type Enforcement =
  | { readonly is: 'on' }
  /** It does not, or whether it does could not be found out. */
  | { readonly is: 'off' | 'unknown'; readonly because: string; readonly fix: string }

export const on: Enforcement = { is: 'on' }

export interface Plugin {
  readonly name: string
  /** As its image or node has it. */
  readonly version: string | undefined
  readonly where: string
  readonly enforcement: Enforcement
  /** Of a range it opens the first port alone. */
  readonly ignoresPortRanges: boolean
  /** An ipBlock never means a node. */
  readonly ignoresNodeAddresses: boolean
  /** An ipBlock never means a pod. */
  readonly ignoresPodAddresses: boolean
  /** What to know of it although it enforces. */
  readonly caution?: Caution
  readonly agent?: Agent
}

export interface Caution {
  readonly what: string
  readonly why: string
  readonly fix: string
}

export interface Sighting {
  readonly agent: Agent
  readonly container: Container | undefined
  readonly version: string | undefined
  readonly setting: SettingReader
}

/** One key of a ConfigMap: nothing where there is no such key or ConfigMap. */
export type SettingReader = (namespace: string, name: string, key: string) => Look<string | undefined>

export function readSettings({ settings }: Pick<Facts, 'settings'>): SettingReader {
  return (namespace, name, key) => {
    const look = settings.get(`${namespace}/${name}`)
    if (look === undefined) return { seen: undefined }
    return 'unseen' in look ? look : { seen: readKey(look.seen ?? {}, key) }
  }
}

function readKey(settings: Settings, key: string): string | undefined {
  return Object.hasOwn(settings, key) ? settings[key] : undefined
}

/** What is known of a plugin that runs as a DaemonSet. */
export interface AgentKind {
  readonly name: string
  /** Its container, where this DaemonSet is one of its kind; `true` where no container tells its version. */
  readonly find: (agent: Agent) => Container | true | undefined
  /** Without it, it enforces. */
  readonly judge?: (sighting: Sighting) => Enforcement
  /** Port ranges work since; not given where they always did, or nobody knows. */
  readonly portRangesSince?: Version | 'never'
  readonly ignoresNodeAddresses?: (sighting: Sighting) => boolean
  readonly ignoresPodAddresses?: boolean
  /** `before`: later versions need none. */
  readonly caution?: Caution & { readonly before?: Version }
}

/** What is known of a plugin that shows on nodes alone. */
export interface NodeKind {
  readonly name: string
  readonly where: string
  readonly isOn: (node: Node) => boolean
  readonly judge: (nodes: readonly Node[], setting: SettingReader) => Enforcement
}

export function containerOf(agent: Agent, name: string): Container | undefined {
  return agent.containers.find(container => container.name === name)
}
