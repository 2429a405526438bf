/** Peers as a person writes them in an annotation or a message → peers as values. */
import { closest, distance } from 'fastest-levenshtein'
import { readAddress, readBlock } from './cidr.ts'
import { appName, isWritten, namespaceName, peerName, tierName } from './formats.ts'
import type { LabelSelector } from './kubernetes.ts'
import { limits } from './limits.ts'
import { type ListEntry, type Port, type Read, readPort, splitList, writePorts } from './ports.ts'
import type { Fault } from './problem.ts'

/** The unnamed app is the empty text inside, `-` where a person writes it. */
export const unnamedApp = ''

export type Peer =
  | { readonly kind: 'tier'; readonly tier: string; readonly app?: string; readonly namespace?: string }
  | { readonly kind: 'app'; readonly app: string; readonly namespace?: string }
  | { readonly kind: 'pods-of'; readonly namespace: string }
  | { readonly kind: 'cidr'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: 'pods'; readonly namespaceSelector?: LabelSelector; readonly podSelector?: LabelSelector }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: PeerWord }

export const peerWords = ['anywhere', 'cluster', 'namespace', 'internet', 'kube-apiserver'] as const
export type PeerWord = (typeof peerWords)[number]
export const reservedWords: readonly string[] = [...peerWords, 'none']

/** Words that people try, and what they mean by them. */
const lookAlikes: Readonly<Record<string, string>> = {
  '*': 'anywhere',
  '0.0.0.0': 'anywhere',
  all: 'anywhere',
  any: 'anywhere',
  everyone: 'anywhere',
  everything: 'anywhere',
  world: 'anywhere',
  public: 'internet',
  external: 'internet',
  nobody: 'none',
  nothing: 'none',
  null: 'none',
  '[]': 'none',
  '{}': 'none',
  '-': 'none',
  false: 'none',
  deny: 'none',
  self: 'namespace',
  'same-namespace': 'namespace',
  apiserver: 'kube-apiserver',
  'kubernetes-api': 'kube-apiserver',
}

/** A tier's name, or why it cannot be one. */
export function readTierName(text: string): Read<string> {
  if (reservedWords.includes(text))
    return {
      fault: {
        code: 'tier-invalid',
        message: `'${text}' is a word of the peer grammar, not a tier's name`,
        fix: 'choose another name',
      },
    }
  if (isWritten(text, tierName)) return { value: text }
  const mended = text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '')
  const offer = isWritten(mended, tierName) && !reservedWords.includes(mended) ? `, such as ${mended}` : ''
  return {
    fault: {
      code: 'tier-invalid',
      message: text === '' ? 'the tier has no name' : `'${text}' cannot be a tier's name`,
      fix: `write at most 63 characters: ${tierName.means}${offer}`,
    },
  }
}

export function readAppName(text: string): Read<string> {
  if (text === '-') return { value: unnamedApp }
  if (isWritten(text, appName)) return { value: text }
  return {
    fault: {
      code: 'tier-invalid',
      message: `'${text}' cannot be an app's name`,
      fix: `write at most 63 characters: ${appName.means}; or - for the unnamed app`,
    },
  }
}

export interface WrittenPeer {
  readonly peer: Peer
  /** Absent: the tier's ports in `allow-from`, what a tier accepts or all ports in `allow-to`. */
  readonly ports?: readonly [Port, ...Port[]]
}

/** `tierwall.dev/allow-from` and `allow-to`: a list, or `none`. */
export function readPeerList(text: string): {
  peers: readonly (WrittenPeer & ListEntry)[]
  faults: readonly Fault[]
} {
  const { entries, faults } = splitList(text, 'peers', limits.peers)
  if (faults.length > 0 || entries === 'none') return { peers: [], faults }
  const peers: (WrittenPeer & ListEntry)[] = []
  const wrong: Fault[] = []
  for (const entry of entries) {
    const read = readPeer(entry.text)
    if ('value' in read) peers.push({ ...read.value, ...entry })
    else wrong.push({ ...read.fault, span: entry.span })
  }
  return { peers, faults: wrong }
}

/** One entry: a peer and, behind a colon, its port. */
export function readPeer(text: string): Read<WrittenPeer> {
  const addresses = splitAddresses(text)
  if (addresses) return withPort(readAddresses(addresses.peer), addresses.port)
  const colon = text.indexOf(':')
  if (colon < 0) return withPort(readWord(text), undefined)
  return withPort(readWord(text.slice(0, colon)), text.slice(colon + 1))
}

function withPort(peer: Read<Peer>, port: string | undefined): Read<WrittenPeer> {
  if ('fault' in peer) return peer
  if (port === undefined) return { value: { peer: peer.value } }
  const read = readPort(port)
  return 'fault' in read ? read : { value: { peer: peer.value, ports: [read.value] } }
}

/** Brackets, an exception, or something that starts as an address does: a range, with its port cut off. */
function splitAddresses(text: string): { peer: string; port: string | undefined } | undefined {
  const bracketed = /^\[([^[\]]*)\](?::(.*))?$/.exec(text)
  if (bracketed) return { peer: bracketed[1] ?? '', port: bracketed[2] }
  if (text.includes('!')) return { peer: text, port: undefined }
  const v4 = /^([0-9]+(?:\.[0-9]+)+(?:\/[0-9]*)?)(?::(.*))?$/.exec(text)
  if (v4) return { peer: v4[1] ?? '', port: v4[2] }
  if (/^[0-9a-fA-F]*:[0-9a-fA-F:.]*(\/|$)/.test(text) && looksLikeV6(text)) return { peer: text, port: undefined }
  return undefined
}

/** `fe80::/10` is a range, `fe:80` the tier fe on port 80. */
function looksLikeV6(text: string): boolean {
  const address = text.split('/')[0] ?? ''
  return (address.match(/:/g)?.length ?? 0) > 1
}

function readAddresses(text: string): Read<Peer> {
  const [cidr = '', ...except] = text.split('!')
  const block = readBlock(cidr, except)
  if ('value' in block) return { value: { kind: 'cidr', ...block.value } }
  const colon = cidr.lastIndexOf(':')
  if (block.fault.code === 'cidr-invalid' && colon > cidr.indexOf('/') && cidr.includes('/'))
    return {
      fault: { ...block.fault, fix: `put the range in brackets: [${cidr.slice(0, colon)}]${cidr.slice(colon)}` },
    }
  const last = except.at(-1) ?? ''
  const portAt = last.indexOf(':')
  if (portAt >= 0 && readAddress(last.split('/')[0] ?? '')?.family !== 6)
    return {
      fault: {
        ...block.fault,
        fix: `put the range in brackets: [${text.slice(0, text.lastIndexOf(':'))}]${last.slice(portAt)}`,
      },
    }
  return block
}

function readWord(word: string): Read<Peer> {
  const known = peerWords.find(candidate => candidate === word)
  if (known) return { value: { kind: known } }
  if (word.startsWith('@')) return readNamed(word)
  const [namespace, rest] = cutNamespace(word)
  if (namespace !== undefined && !isWritten(namespace, namespaceName)) return noPeer(word)
  const inNamespace = namespace === undefined ? {} : { namespace }
  if (rest === '*') return namespace === undefined ? noPeer(word) : { value: { kind: 'pods-of', namespace } }
  const slash = rest.indexOf('/')
  const app = slash < 0 ? undefined : readAppName(rest.slice(0, slash))
  if (app && 'fault' in app) return noPeer(word)
  const tier = rest.slice(slash + 1)
  if (app && tier === '*') return { value: { kind: 'app', app: app.value, ...inNamespace } }
  const read = readTierName(tier)
  if ('fault' in read) return noPeer(word)
  return { value: { kind: 'tier', tier: read.value, ...(app ? { app: app.value } : {}), ...inNamespace } }
}

/** The namespace follows the last dot, behind the app's slash if there is one: apps may have dots. */
function cutNamespace(word: string): [namespace: string | undefined, rest: string] {
  const dot = word.lastIndexOf('.')
  return dot > word.indexOf('/') ? [word.slice(dot + 1), word.slice(0, dot)] : [undefined, word]
}

function readNamed(word: string): Read<Peer> {
  const name = word.slice(1)
  if (isWritten(name, peerName)) return { value: { kind: 'named', name } }
  return { fault: { code: 'peer-invalid', message: `'${word}' is no peer name`, fix: `write @ and ${peerName.means}` } }
}

function noPeer(word: string): { fault: Fault } {
  return { fault: { code: 'peer-invalid', message: `'${word}' is no peer`, fix: adviseFor(word) } }
}

function adviseFor(word: string): string {
  if (word === '')
    return 'write a tier, a CIDR, or one of the words (anywhere, cluster, namespace, internet, kube-apiserver, none)'
  const meant = lookAlike(word)
  if (meant) return `write ${meant}`
  if (/^[a-z0-9-]+(\.[a-z0-9-]+){2,}$/i.test(word))
    return 'host names cannot be peers: write the CIDR, internet, or TIER.NAMESPACE'
  const lower = word.toLowerCase().replaceAll('_', '-')
  if (lower !== word && 'value' in readWord(lower)) return `write ${lower}`
  return 'write TIER, APP/TIER, TIER.NAMESPACE, APP/*, *.NAMESPACE, a CIDR, @NAME, anywhere, cluster, namespace, internet, kube-apiserver or none'
}

/** What a person who wrote this word most likely meant. */
export function lookAlike(word: string): string | undefined {
  const lower = word.toLowerCase()
  if (Object.hasOwn(lookAlikes, lower)) return lookAlikes[lower]
  return nearest(lower, reservedWords)
}

/** The nearest of some names, where it is near enough to be a slip of the pen. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  if (names.length === 0 || word === '') return undefined
  const candidate = closest(word, [...names])
  const allowed = word.length <= 4 && !sameLetters(word, candidate) ? 1 : 2
  return candidate !== word && distance(word, candidate) <= allowed ? candidate : undefined
}

const sameLetters = (a: string, b: string) => [...a].sort().join('') === [...b].sort().join('')

export function writePeer(peer: Peer): string {
  switch (peer.kind) {
    case 'tier':
      return inApp(peer.app, peer.tier) + inNamespace(peer.namespace)
    case 'app':
      return inApp(peer.app, '*') + inNamespace(peer.namespace)
    case 'pods-of':
      return `*.${peer.namespace}`
    case 'cidr':
      return [peer.cidr, ...peer.except].join('!')
    case 'named':
      return `@${peer.name}`
    case 'pods':
      return [
        ...(peer.podSelector ? [`pods ${writeSelector(peer.podSelector)}`] : []),
        ...(peer.namespaceSelector ? [`namespaces ${writeSelector(peer.namespaceSelector)}`] : []),
      ].join(' in ')
    default:
      return peer.kind
  }
}

const inApp = (app: string | undefined, tier: string) =>
  app === undefined ? tier : `${app === unnamedApp ? '-' : app}/${tier}`
const inNamespace = (namespace: string | undefined) => (namespace === undefined ? '' : `.${namespace}`)

/** The peer as the grammar has it, its port behind it. */
export function writePeerWithPorts({ peer, ports }: WrittenPeer): string {
  if (!ports) return writePeer(peer)
  const written = writePeer(peer)
  const brackets = peer.kind === 'cidr' && (written.includes('!') || written.includes(':'))
  return `${brackets ? `[${written}]` : written}:${writePorts(ports)}`
}

export function writeSelector(selector: LabelSelector): string {
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) =>
    values.length > 0 ? `${key} ${operator} (${values.join(', ')})` : `${key} ${operator}`,
  )
  const all = [...labels.sort(), ...expressions.sort()]
  return all.length === 0 ? '(all)' : all.join(', ')
}
