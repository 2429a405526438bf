/** Policy names: readable where they read back to what they were made of, else with a hash. Neighbours don't matter. */
import { createHash } from 'node:crypto'
import { isWritten, objectName } from '../api/formats.ts'

export interface NameParts {
  readonly kind: string
  readonly name: string
  readonly app: string
  readonly tier: string
}

const prefix = 'tierwall-'
export const sharedNames = { deny: `${prefix}default-deny`, dns: `${prefix}allow-dns` } as const

export function isSharedName(name: string): boolean {
  return name === sharedNames.deny || name === sharedNames.dns
}

/** Behind this comes a hash; a readable name never holds it. */
const hashMark = '--'
const readableLength = 60
const bridgePrefix = `${prefix}bridge${hashMark}`

export function namePolicy(parts: NameParts): string {
  const plain = writePlain(parts)
  return isPlain(plain, parts) ? plain : hashed(parts)
}

/** `tierwall-[APP.]TIER-NAME[.KIND]`; a Deployment goes without saying, and so does the name where it is the tier's. */
function writePlain({ kind, name, app, tier }: NameParts): string {
  const who = name === tier ? tier : `${tier}-${name}`
  return prefix + [...(app === '' ? [] : [app]), who, ...(kind === 'Deployment' ? [] : [kind.toLowerCase()])].join('.')
}

const kinds: Readonly<Record<string, string>> = {
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
  apptier: 'AppTier',
}

/** The one reading of a plain name, if it has one. */
export function readPlain(text: string): NameParts | undefined {
  if (!text.startsWith(prefix) || text.includes(hashMark)) return undefined
  const segments = text.slice(prefix.length).split('.')
  const word = segments.length > 1 ? (segments.at(-1) ?? '') : ''
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined
  if (kind) segments.pop()
  if (segments.length > 2) return undefined
  const who = segments.at(-1) ?? ''
  const app = segments.length === 2 ? (segments[0] ?? '') : ''
  const dash = who.indexOf('-')
  const [tier, name] = dash < 0 ? [who, who] : [who.slice(0, dash), who.slice(dash + 1)]
  return { kind: kind ?? 'Deployment', name, app, tier }
}

function isPlain(text: string, parts: NameParts): boolean {
  if (isSharedName(text) || !isWritten(text, objectName)) return false
  const read = readPlain(text)
  return (
    read !== undefined &&
    read.kind === parts.kind &&
    read.name === parts.name &&
    read.app === parts.app &&
    read.tier === parts.tier
  )
}

/** For a policy that stands in for a while: known by what it stands in for. */
export function bridgeName(name: string, spec: string): string {
  return bridgePrefix + hashOf([name, spec])
}

/** 80 bits of SHA-256, so that nobody finds two workloads of one name. */
function hashOf(parts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return BigInt(`0x${digest.slice(0, 20)}`)
    .toString(32)
    .padStart(16, '0')
}

function hashed({ kind, name, app, tier }: NameParts): string {
  const readable = [app, tier, name]
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, readableLength)
    .replaceAll(/^-+|-+$/g, '')
  return `${prefix}${readable}${hashMark}${hashOf([kind, name, app, tier])}`
}
