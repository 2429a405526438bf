/** An end as a person writes it (`shop/deploy/web`, `tier:api`, `anywhere`, `10.0.0.7`) → what it may stand for. */
import { readAddress } from '../../api/cidr.ts'
import { appName, isWritten, namespaceName, objectName } from '../../api/formats.ts'
import { lookAlike, peerWords, readTierName, unnamedApp } from '../../api/peers.ts'

export type EndName =
  | { readonly is: 'anywhere' }
  | { readonly is: 'address'; readonly ip: string }
  | { readonly is: 'tier'; readonly namespace?: string; readonly app?: string; readonly tier: string }
  | { readonly is: 'object'; readonly namespace?: string; readonly kind?: string; readonly name: string }
  /** `A/B`: a kind and a name, or a namespace and a name. */
  | { readonly is: 'either'; readonly kind: string; readonly namespace: string; readonly name: string }

export interface Trouble {
  readonly message: string
  readonly fix: string
}

export type NameRead = { readonly value: EndName } | { readonly trouble: Trouble }

const spellings: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['deployment', 'deployments', 'deploy'],
  StatefulSet: ['statefulset', 'statefulsets', 'sts'],
  DaemonSet: ['daemonset', 'daemonsets', 'ds'],
  ReplicaSet: ['replicaset', 'replicasets', 'rs'],
  Job: ['job', 'jobs'],
  CronJob: ['cronjob', 'cronjobs', 'cj'],
  Pod: ['pod', 'pods', 'po'],
}

export function readKind(word: string): string | undefined {
  return Object.keys(spellings).find(kind => spellings[kind]?.includes(word.toLowerCase()))
}

export function readEndName(text: string): NameRead {
  if (text === 'anywhere') return { value: { is: 'anywhere' } }
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text
  const address = readAddress(bare)
  if (address) return { value: { is: 'address', ip: address.text } }
  const tier = /^(?:([^/]*)\/)?tier:(.*)$/.exec(text)
  return tier ? readTier(text, tier[1], tier[2] ?? '') : readObject(text)
}

function readTier(text: string, namespace: string | undefined, rest: string): NameRead {
  const slash = rest.lastIndexOf('/')
  const tier = rest.slice(slash + 1)
  const app = slash < 0 ? undefined : rest.slice(0, slash)
  if (namespace !== undefined && !isWritten(namespace, namespaceName)) return noEnd(text)
  if (app !== undefined && app !== '-' && !isWritten(app, appName)) return noEnd(text)
  const read = readTierName(tier)
  if ('fault' in read) return { trouble: read.fault }
  return {
    value: {
      is: 'tier',
      tier,
      ...(namespace === undefined ? {} : { namespace }),
      ...(app === undefined ? {} : { app: app === '-' ? unnamedApp : app }),
    },
  }
}

function readObject(text: string): NameRead {
  const parts = text.split('/')
  const [name = '', second, third] = [...parts].reverse()
  if (parts.length > 3 || !isWritten(name, objectName)) return noEnd(text)
  if (second === undefined) return { value: { is: 'object', name } }
  const kind = readKind(second)
  if (third !== undefined) {
    if (!kind) return { trouble: unknownKind(second) }
    return isWritten(third, namespaceName) ? { value: { is: 'object', namespace: third, kind, name } } : noEnd(text)
  }
  if (kind) return { value: { is: 'either', kind, namespace: second, name } }
  return isWritten(second, namespaceName) ? { value: { is: 'object', namespace: second, name } } : noEnd(text)
}

function unknownKind(word: string): Trouble {
  const kinds = Object.keys(spellings).map(kind => kind.toLowerCase())
  return { message: `'${word}' is no kind that has pods`, fix: `write one of ${kinds.join(', ')}` }
}

const forms = '[NAMESPACE/][KIND/]NAME, [NAMESPACE/]tier:[APP/]TIER, anywhere or an address'

function noEnd(text: string): { readonly trouble: Trouble } {
  const message = text === '' ? 'an end is missing' : `'${text}' is no end of a connection`
  if (/^[0-9a-fA-F.:]+\/[0-9]+$/.test(text))
    return { trouble: { message, fix: 'ask for one address of the range, without the slash' } }
  if (lookAlike(text) === 'anywhere') return { trouble: { message, fix: 'write anywhere' } }
  return { trouble: { message, fix: `write ${forms}` } }
}

/** A word of the peer grammar that is no end here, for the message where nothing has that name. */
export function isPeerWord(name: string): boolean {
  return [...peerWords, 'none'].some(word => word === name)
}
