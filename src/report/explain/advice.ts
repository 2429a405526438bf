/** A denied flow → what to write, and where, so that it is allowed. */
import { unnamedApp, type Peer, type WrittenPeer } from '../../api/peers.ts'
import type { Port } from '../../api/ports.ts'
import { writeRef } from '../../api/source.ts'
import type { DirectionVerdict } from '../../evaluate/index.ts'
import { portsOf } from '../../intent/members.ts'
import type { Member } from '../../intent/tier.ts'
import { writePlace } from '../quote.ts'
import type { World } from '../world/index.ts'
import type { SubjectEnd } from '../world/subject.ts'
import type { Flow } from './index.ts'
import { missingBetween } from './missing.ts'
import { adviseEntry, type PlaceToWrite } from './peer-text.ts'

export function adviseOn(flow: Flow, world: World, writing: PlaceToWrite): readonly string[] {
  if (flow.verdict.allowed) return []
  const { decisive, hints } = missingBetween(flow, world, writing)
  const steps = decisive.length > 0 ? decisive : [...openServer(flow, world, writing), ...openClient(flow, world, writing)]
  return [...new Set([...hints, ...steps])]
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
  if (end.is === 'address') return label === end.ip ? { kind: 'cidr', cidr: cidrOf(end.ip), except: [] } : { kind: 'anywhere' }
  if (end.hostNetwork)
    return { trouble: `${label} has its node's address: allow the addresses of the nodes, as a CIDR, on the other side` }
  const [other] = members
  if (other)
    return {
      kind: 'tier',
      tier: other.key.tier,
      ...(other.key.namespace === key.namespace ? {} : { namespace: other.key.namespace }),
      ...(other.key.app === key.app ? {} : { app: other.key.app === '' ? unnamedApp : other.key.app }),
    }
  if (!isNamespace(end.namespace)) return { kind: 'anywhere' }
  if (end.namespace !== key.namespace) return { kind: 'pods-of', namespace: end.namespace }
  return { kind: 'namespace' }
}

const cidrOf = (ip: string) => `${ip}/${ip.includes(':') ? 128 : 32}`

/** A stranger's namespace has a name that none can have. */
const isNamespace = (name: string) => !name.startsWith('(')

const annotatable: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet']

function adviseWithoutTier(
  { label, ref }: SubjectEnd,
  { isolating }: DirectionVerdict,
  { desired }: World,
  { locate }: PlaceToWrite,
  direction: 'ingress' | 'egress',
): readonly string[] {
  if (isolating.some(policy => desired.has(policy)))
    return ref && annotatable.includes(ref.kind)
      ? [`give ${label} a tier: the default-deny cuts off what has none (annotation tierwall.dev/tier)`]
      : [`give ${label} a tier: the default-deny cuts off what has none (an AppTier whose spec.selector names its pods)`]
  return isolating.slice(0, 1).map(({ kind, metadata }) => {
    const object = { kind, namespace: metadata.namespace ?? '', name: metadata.name }
    const place = locate({ said: 'object', object, path: ['spec'] })
    return `add a rule for it to the ${direction} of ${writeRef(object)}${place ? ` (${writePlace(place)})` : ''}, which is not Tierwall's`
  })
}
