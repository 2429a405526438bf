/** A denied flow → what to write, and where, so that it is allowed. */
import { type Peer, unnamedApp, type WrittenPeer } from '../../api/peers.ts'
import type { Port } from '../../api/ports.ts'
import { writeRef } from '../../api/source.ts'
import { type DirectionVerdict, evaluateFlow } from '../../evaluate/index.ts'
import { portsOf } from '../../intent/members.ts'
import type { Member } from '../../intent/tier.ts'
import { writePlace } from '../quote.ts'
import type { World } from '../world/index.ts'
import { isStranger } from '../world/strangers.ts'
import type { SubjectEnd } from '../world/subject.ts'
import type { Flow } from './index.ts'
import { missingBetween } from './missing.ts'
import { adviseEntry, type PlaceToWrite } from './peer-text.ts'

export interface Advice {
  readonly steps: readonly string[]
  /** What else may be wrong. */
  readonly hints: readonly string[]
}

export function adviseOnAll(flows: readonly Flow[], world: World, writing: PlaceToWrite): Advice {
  const each = flows.filter(({ verdict }) => !verdict.allowed).map(flow => adviseOn(flow, world, writing))
  const once = (lines: readonly string[]) => [...new Set(lines)]
  return { steps: once(each.flatMap(({ steps }) => steps)), hints: once(each.flatMap(({ hints }) => hints)) }
}

function adviseOn(flow: Flow, world: World, writing: PlaceToWrite): Advice {
  if (isToCome(flow, world))
    return { steps: [], hints: ['it will be allowed as soon as Tierwall has written its policies'] }
  const { decisive, hints } = missingBetween(flow, world, writing)
  if (decisive.length > 0) return { steps: decisive, hints }
  return { steps: [...openClient(flow, world, writing), ...openServer(flow, world, writing)], hints }
}

function isToCome({ from, to, target }: Flow, { toCome }: World): boolean {
  return toCome !== undefined && evaluateFlow(toCome, from.end, to.end, target).allowed
}

function openServer(flow: Flow, world: World, writing: PlaceToWrite): readonly string[] {
  const { from, to, verdict } = flow
  if (verdict.ingress.allowed) return []
  const [server] = to.members
  if (!server) return adviseWithoutTier(to, verdict.ingress, world, writing, 'ingress')
  const peer = asSeenBy(server, from)
  if ('trouble' in peer) return [peer.trouble]
  const entry: WrittenPeer = isPortOf(server, flow) ? { peer } : { peer, ports: [portOf(flow)] }
  return [adviseEntry(server, 'from', entry, writing)]
}

/** Inside a namespace the way out follows from the server's `from`. */
function openClient(flow: Flow, world: World, writing: PlaceToWrite): readonly string[] {
  const { from, to, verdict } = flow
  if (verdict.egress.allowed) return []
  const [client] = from.members
  if (!client) return adviseWithoutTier(from, verdict.egress, world, writing, 'egress')
  const [server] = to.members
  const isDerived = server !== undefined && server.key.namespace === client.key.namespace && !verdict.ingress.allowed
  // Once it has a tier and accepts this one, the way out follows.
  const getsTier = to.end.is === 'pod' && server === undefined && to.end.namespace === client.key.namespace
  if (isDerived || (getsTier && !verdict.ingress.allowed)) return []
  const peer = asSeenBy(client, to)
  if ('trouble' in peer) return [peer.trouble]
  const entry: WrittenPeer = server && isPortOf(server, flow) ? { peer } : { peer, ports: [portOf(flow)] }
  return [adviseEntry(client, 'to', entry, writing)]
}

const portOf = ({ target: { port, protocol } }: Flow): Port => ({ by: 'number', first: port, last: port, protocol })

function isPortOf(server: Member, { to, target }: Flow): boolean {
  return portsOf(server.ports).some(port => {
    if (port.protocol !== target.protocol) return false
    if (port.by === 'number') return port.first <= target.port && target.port <= port.last
    const named = to.end.is === 'pod' ? to.end.ports.filter(({ name }) => name === port.name) : []
    return named.some(({ containerPort, protocol }) => containerPort === target.port && protocol === target.protocol)
  })
}

/** How a member's lists spell that end. */
function asSeenBy({ key }: Member, { end, members, label }: SubjectEnd): Peer | { readonly trouble: string } {
  if (end.is === 'address')
    return label === end.ip ? { kind: 'cidr', cidr: cidrOf(end.ip), except: [] } : { kind: 'anywhere' }
  if (end.hostNetwork)
    return {
      trouble: `${label} has its node's address: allow the addresses of the nodes, as a CIDR, on the other side`,
    }
  const [other] = members
  if (other)
    return {
      kind: 'tier',
      tier: other.key.tier,
      ...(other.key.namespace === key.namespace ? {} : { namespace: other.key.namespace }),
      ...(other.key.app === key.app ? {} : { app: other.key.app === '' ? unnamedApp : other.key.app }),
    }
  if (isStranger(end)) return { kind: 'anywhere' }
  return end.namespace === key.namespace
    ? { kind: 'tier', tier: tierToCome }
    : { kind: 'pods-of', namespace: end.namespace }
}

const cidrOf = (ip: string) => `${ip}/${ip.includes(':') ? 128 : 32}`

/** Stands for the name of a tier that a workload has yet to get. */
const tierToCome = 'NAME'

const annotatable: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet']

function adviseWithoutTier(
  { label, ref }: SubjectEnd,
  { isolating }: DirectionVerdict,
  { desired }: World,
  { locate }: PlaceToWrite,
  direction: 'ingress' | 'egress',
): readonly string[] {
  if (isolating.some(policy => desired.has(policy))) {
    const how =
      ref && annotatable.includes(ref.kind) ? 'by its annotations' : 'by an AppTier whose spec.selector names its pods'
    const needs = direction === 'ingress' ? `, with ports and an allow-from` : ''
    return [`give ${label} a tier, ${tierToCome}${needs}, ${how}: the default-deny cuts off what has none`]
  }
  return isolating.slice(0, 1).map(({ kind, metadata }) => {
    const object = { kind, namespace: metadata.namespace ?? '', name: metadata.name }
    const place = locate({ said: 'object', object, path: ['spec'] })
    return `add a rule for it to the ${direction} of ${writeRef(object)}${place ? ` (${writePlace(place)})` : ''}, which is not Tierwall's`
  })
}
