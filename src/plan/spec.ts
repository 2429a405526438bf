/** Policies put together from grants, and told apart. */
import type { NonEmpty } from '../api/ports.ts'
import { isAbsent } from '../api/record.ts'
import { selectorOnWire } from '../policy/peers.ts'
import type { WireEgress, WireIngress, WirePeer, WirePolicy, WirePort } from '../policy/wire.ts'
import type { Grant, Peer, SpecLike } from './grants.ts'

/** A policy with more rules behind its own. */
export function addGrants(policy: WirePolicy, grants: readonly Grant[]): WirePolicy {
  const { ingress: ways, egress: exits, ...rest } = policy.spec
  const ingress = [...(ways ?? []), ...ingressOf(grants)]
  const egress = [...(exits ?? []), ...egressOf(grants)]
  return { ...policy, spec: { ...rest, ...lists(ingress, egress) } }
}

/** A policy with these grants in place of its own. */
export function withGrants(policy: WirePolicy, grants: readonly Grant[]): WirePolicy {
  const { ingress: _, egress: __, ...rest } = policy.spec
  return { ...policy, spec: { ...rest, ...lists(ingressOf(grants), egressOf(grants)) } }
}

function lists(
  ingress: readonly WireIngress[],
  egress: readonly WireEgress[],
): Pick<WirePolicy['spec'], 'ingress' | 'egress'> {
  const [firstIn, ...moreIn] = ingress
  const [firstOut, ...moreOut] = egress
  return {
    ...(firstIn ? { ingress: [firstIn, ...moreIn] as NonEmpty<WireIngress> } : {}),
    ...(firstOut ? { egress: [firstOut, ...moreOut] as NonEmpty<WireEgress> } : {}),
  }
}

function ingressOf(grants: readonly Grant[]): WireIngress[] {
  return grants.flatMap(({ direction, peer, ports }) => {
    const onWire = portsOnWire(ports)
    // A way in without ports is never ours; what somebody put there is not kept.
    if (direction !== 'ingress' || !onWire) return []
    const who = peerOnWire(peer)
    return [who === 'anyone' ? { ports: onWire } : { from: [who], ports: onWire }]
  })
}

function egressOf(grants: readonly Grant[]): WireEgress[] {
  return grants.flatMap(({ direction, peer, ports }): WireEgress[] => {
    if (direction !== 'egress') return []
    const onWire = portsOnWire(ports)
    const who = peerOnWire(peer)
    return [{ ...(who === 'anyone' ? {} : { to: [who] }), ...(onWire ? { ports: onWire } : {}) }]
  })
}

function portsOnWire(ports: Grant['ports']): NonEmpty<WirePort> | undefined {
  if (ports === 'all') return undefined
  const [first, ...more] = ports.flatMap(({ protocol, port, endPort }): WirePort[] =>
    port === undefined
      ? [{ protocol, port: 1, endPort: 65535 }]
      : [{ protocol, port, ...(endPort === undefined ? {} : { endPort }) }],
  )
  return first && [first, ...more]
}

function peerOnWire(peer: Peer): WirePeer | 'anyone' {
  if (peer.is === 'anyone') return 'anyone'
  if (peer.is === 'pods')
    return { podSelector: selectorOnWire(peer.pods), namespaceSelector: selectorOnWire(peer.namespaces) }
  const [first, ...more] = peer.except
  return { ipBlock: first ? { cidr: peer.cidr, except: [first, ...more] } : { cidr: peer.cidr } }
}

/** Specs are never changed, and a live one is mostly compared with the one that it was found to be the same as. */
const knownSame = new WeakMap<SpecLike, SpecLike>()

/** The same on the wire, in whatever order their keys stand. */
export function sameSpec(live: SpecLike, wanted: SpecLike): boolean {
  if (live === wanted || knownSame.get(live) === wanted) return true
  const same = sameOnWire(live, wanted)
  if (same) knownSame.set(live, wanted)
  return same
}

/** Compared without writing either out: this is asked of every policy of a namespace whenever one of them changes. */
export function sameOnWire(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return isAbsent(a) && isAbsent(b)
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => sameOnWire(item, b[index]))
    )
  for (const key of Object.keys(a)) if (!sameOnWire(fieldOf(a, key), fieldOf(b, key))) return false
  for (const key of Object.keys(b)) if (!Object.hasOwn(a, key) && !isAbsent(fieldOf(b, key))) return false
  return true
}

/** Exists and DoesNotExist may come with an empty list of values. */
function fieldOf(object: object, key: string): unknown {
  if (!Object.hasOwn(object, key)) return undefined
  const value: unknown = Reflect.get(object, key)
  return key === 'values' && Array.isArray(value) && value.length === 0 ? undefined : value
}

/** One text for specs that are the same on the wire. */
export function writeSpec(spec: SpecLike): string {
  return JSON.stringify(sortKeys(spec))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
    .filter(
      ([key, inner]) =>
        inner !== undefined && inner !== null && !(key === 'values' && Array.isArray(inner) && inner.length === 0),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]))
}
