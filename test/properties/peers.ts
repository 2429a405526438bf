/** Random peers of every kind of the grammar, for the door through which they are said. */
import fc from '../seeded.ts'
import type { Entry, Peer, Port, Selector } from './shapes.ts'

export interface Place {
  readonly namespace: string
  readonly app: string
}
export type Door = 'annotation' | 'AppTier' | 'configuration'

const blocks: readonly { cidr: string; except: readonly string[] }[] = [
  { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
  { cidr: '10.244.0.0/16', except: [] },
  { cidr: '192.168.5.10/32', except: [] },
  { cidr: '203.0.113.0/24', except: ['203.0.113.128/25', '203.0.113.7/32'] },
  { cidr: '2001:db8::/32', except: ['2001:db8:1::/48'] },
  { cidr: 'fd00::/8', except: [] },
  { cidr: '0.0.0.0/0', except: ['0.0.0.0/1', '192.168.0.0/16'] },
  { cidr: '::/0', except: [] },
]

export const namedPeers: Readonly<Record<string, readonly Peer[]>> = {
  monitoring: [
    {
      kind: 'pods',
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'outside' } },
      podSelector: { matchLabels: { role: 'client' } },
    },
  ],
  office: [
    { kind: 'cidr', cidr: '198.51.100.0/24', except: ['198.51.100.7/32'] },
    { kind: 'cidr', cidr: '2001:db8:ff::/48', except: [] },
  ],
  probes: [{ kind: 'podsOf', namespace: 'outside' }],
  servers: [{ kind: 'pods', podSelector: { matchLabels: { role: 'server' } } }],
}

const podSelectors: readonly Selector[] = [
  { matchLabels: { role: 'client' } },
  { matchLabels: { role: 'server' } },
  { matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['client'] }] },
  { matchExpressions: [{ key: 'group', operator: 'Exists' }] },
  { matchLabels: { role: 'server' }, matchExpressions: [{ key: 'group', operator: 'DoesNotExist' }] },
]
const namespaceSelectors: readonly Selector[] = [
  { matchLabels: { project: 'frontend' } },
  { matchLabels: { name: 'prod' } },
  { matchExpressions: [{ key: 'project', operator: 'DoesNotExist' }] },
  { matchLabels: { 'kubernetes.io/metadata.name': 'data' } },
]

const tier = fc.constantFrom('web', 'api', 'db', 'worker', 'cache', 'absent')
const app = fc.constantFrom(undefined, undefined, '', 'shop', 'bi')
const namespace = fc.constantFrom('shop', 'data', 'front', 'outside', 'nowhere')

/** Spread without the keys that were left out. */
const some = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }

const peerPick: fc.Arbitrary<Peer> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ tier, app }).map((parts): Peer => ({ kind: 'tier', ...some(parts) })) },
  {
    weight: 3,
    arbitrary: fc.record({ tier, app, namespace }).map((parts): Peer => ({ kind: 'tier', ...some(parts) })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ app: fc.constantFrom('', 'shop'), namespace: fc.option(namespace, { nil: undefined }) })
      .map((parts): Peer => ({ kind: 'app', ...some(parts) })),
  },
  { weight: 1, arbitrary: namespace.map((namespace): Peer => ({ kind: 'podsOf', namespace })) },
  { weight: 2, arbitrary: fc.constantFrom(...blocks).map((block): Peer => ({ kind: 'cidr', ...block })) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        podSelector: fc.option(fc.constantFrom(...podSelectors), { nil: undefined }),
        namespaceSelector: fc.option(fc.constantFrom(...namespaceSelectors, {}), { nil: undefined }),
      })
      .map(({ podSelector, namespaceSelector }): Peer => {
        const isWhole = namespaceSelector !== undefined && Object.keys(namespaceSelector).length === 0
        const pods = podSelector ?? (namespaceSelector === undefined || isWhole ? podSelectors[0] : undefined)
        return { kind: 'pods', ...some({ podSelector: pods, namespaceSelector }) }
      }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...Object.keys(namedPeers), 'nobody').map((name): Peer => ({ kind: 'named', name })),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('anywhere', 'cluster', 'namespace', 'namespace', 'internet', 'kube-apiserver')
      .map((kind): Peer => ({ kind: kind as 'anywhere' })),
  },
)

export const entryPick = (port: fc.Arbitrary<Port>) =>
  fc.record({ peer: peerPick, ports: fc.option(fc.array(port, { minLength: 1, maxLength: 2 }), { nil: undefined }) })
export type EntryPick = ReturnType<typeof entryPick> extends fc.Arbitrary<infer T> ? T : never

/** The peer in the words that the door has for it, with ports that may stand beside it. */
export function readEntry({ peer, ports }: EntryPick, at: Place, door: Door, direction: 'from' | 'to'): Entry {
  const said = peerFor(peer, at, door)
  const kept = direction === 'to' ? portsToward(said, ports) : ports
  return kept === undefined ? { peer: said } : { peer: said, ports: kept }
}

function peerFor(peer: Peer, at: Place, door: Door): Peer {
  // An annotation has no selectors and an AppTier no `*.NAMESPACE`.
  if (peer.kind === 'pods' && door === 'annotation')
    return at.namespace === 'data' ? { kind: 'named', name: 'servers' } : { kind: 'cluster' }
  if (peer.kind === 'podsOf' && door === 'AppTier')
    return { kind: 'pods', namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': peer.namespace } } }
  return peer
}

/** Names belong to pods, and the API server brings its own port. */
function portsToward(peer: Peer, ports: readonly Port[] | undefined): readonly Port[] | undefined {
  if (peer.kind === 'kube-apiserver') return ports && [{ first: 6443, last: 6443, protocol: 'TCP' }]
  const holdsAddresses = ['cidr', 'internet', 'anywhere', 'named'].includes(peer.kind)
  const kept = ports?.filter(port => !holdsAddresses || 'first' in port)
  return kept?.length === 0 ? [{ first: 443, last: 443, protocol: 'TCP' }] : kept
}
