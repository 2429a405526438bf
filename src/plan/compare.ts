/** Grants compared: what one covers of another, and what two have in common. In doubt, more is kept than is common. */
import { containsCidr, readCidr } from '../api/cidr.ts'
import type { LabelSelector } from '../api/kubernetes.ts'
import { impliesSelector, selectorsMeet } from '../api/selector.ts'
import type { Grant, Peer, Ports } from './grants.ts'

export function coversGrant(wide: Grant, narrow: Grant): boolean {
  return (
    wide.direction === narrow.direction && coversPeer(wide.peer, narrow.peer) && coversPorts(wide.ports, narrow.ports)
  )
}

/** Nothing where the two have nothing in common. */
export function commonGrant(mine: Grant, theirs: Grant): Grant | undefined {
  if (mine.direction !== theirs.direction) return undefined
  const peer = commonPeer(mine.peer, theirs.peer)
  const ports = commonPorts(mine.ports, theirs.ports)
  return peer && ports ? { direction: mine.direction, peer, ports } : undefined
}

function coversPeer(wide: Peer, narrow: Peer): boolean {
  if (wide.is === 'anyone') return true
  if (wide.is === 'pods')
    return (
      narrow.is === 'pods' &&
      impliesSelector(narrow.namespaces, wide.namespaces) &&
      impliesSelector(narrow.pods, wide.pods)
    )
  if (narrow.is !== 'block' || !isInside(narrow.cidr, wide.cidr)) return false
  return wide.except.every(hole => !overlap(hole, narrow.cidr) || narrow.except.some(other => isInside(hole, other)))
}

function commonPeer(mine: Peer, theirs: Peer): Peer | undefined {
  if (mine.is === 'anyone') return theirs
  if (theirs.is === 'anyone') return mine
  if (mine.is === 'pods' && theirs.is === 'pods') {
    if (!selectorsMeet(mine.namespaces, theirs.namespaces) || !selectorsMeet(mine.pods, theirs.pods)) return undefined
    return {
      is: 'pods',
      namespaces: bothSelectors(mine.namespaces, theirs.namespaces),
      pods: bothSelectors(mine.pods, theirs.pods),
    }
  }
  if (mine.is === 'block' && theirs.is === 'block') return commonBlock(mine, theirs)
  // Ranges are for what is outside of the cluster, so that they and selectors have nothing in common.
  return undefined
}

function commonBlock(a: Extract<Peer, { is: 'block' }>, b: Extract<Peer, { is: 'block' }>): Peer | undefined {
  if (!overlap(a.cidr, b.cidr)) return undefined
  const cidr = isInside(a.cidr, b.cidr) ? a.cidr : b.cidr
  const holes = [...new Set([...a.except, ...b.except])].filter(hole => overlap(hole, cidr))
  if (holes.some(hole => isInside(cidr, hole))) return undefined
  return {
    is: 'block',
    cidr,
    except: holes.filter(hole => !holes.some(other => other !== hole && isInside(hole, other))).sort(),
  }
}

/** One selector for what both select. */
export function bothSelectors(a: LabelSelector, b: LabelSelector): LabelSelector {
  const matchLabels = { ...b.matchLabels, ...a.matchLabels }
  const overruled = Object.entries(b.matchLabels ?? {}).filter(([key, value]) => matchLabels[key] !== value)
  const expressions = [
    ...(a.matchExpressions ?? []),
    ...(b.matchExpressions ?? []),
    ...overruled.map(([key, value]) => ({ key, operator: 'In' as const, values: [value] })),
  ]
  const unique = new Map(expressions.map(expression => [JSON.stringify(expression), expression]))
  return { matchLabels, matchExpressions: [...unique.values()] }
}

export function isInside(inner: string, outer: string): boolean {
  const [a, b] = [readCidr(inner), readCidr(outer)]
  return 'value' in a && 'value' in b && containsCidr(b.value, a.value)
}

const overlap = (a: string, b: string) => isInside(a, b) || isInside(b, a)

function coversPorts(wide: Grant['ports'], narrow: Grant['ports']): boolean {
  if (wide === 'all') return true
  if (narrow === 'all') return false
  return narrow.every(port => wide.some(other => coversPort(other, port)))
}

function coversPort(wide: Ports, narrow: Ports): boolean {
  if (wide.protocol !== narrow.protocol) return false
  if (wide.port === undefined) return true
  if (typeof wide.port === 'string' || typeof narrow.port === 'string') return wide.port === narrow.port
  return narrow.port !== undefined && wide.port <= narrow.port && lastOf(narrow, narrow.port) <= lastOf(wide, wide.port)
}

const lastOf = ({ endPort }: Ports, port: number) => endPort ?? port

function commonPorts(mine: Grant['ports'], theirs: Grant['ports']): Grant['ports'] | undefined {
  if (mine === 'all') return theirs
  if (theirs === 'all') return mine
  const common = mine.flatMap(a => theirs.flatMap(b => commonPort(a, b)))
  const unique = new Map(common.map(port => [JSON.stringify(port), port]))
  return unique.size === 0 ? undefined : [...unique.values()]
}

/** What a name means is the pods' to say: it stays beside a number that it may stand for. */
function commonPort(mine: Ports, theirs: Ports): Ports[] {
  if (mine.protocol !== theirs.protocol) return []
  if (mine.port === undefined) return [theirs]
  if (theirs.port === undefined) return [mine]
  if (typeof mine.port === 'string' || typeof theirs.port === 'string') return [mine]
  const [first, last] = [
    Math.max(mine.port, theirs.port),
    Math.min(lastOf(mine, mine.port), lastOf(theirs, theirs.port)),
  ]
  if (first > last) return []
  return [{ protocol: mine.protocol, port: first, ...(first === last ? {} : { endPort: last }) }]
}

export function portsMeet(a: Grant['ports'], b: Grant['ports']): boolean {
  return commonPorts(a, b) !== undefined
}
