/** Independent picks that fast-check can shrink, of which an application over three namespaces is built. */

import type { Peer, Port, Protocol, Selector } from '../../properties/shapes.ts'
import fc from '../../seeded.ts'

const numbers: readonly (readonly [number, number, Protocol])[] = [
  [80, 80, 'TCP'],
  [3306, 3306, 'TCP'],
  [5000, 5000, 'TCP'],
  [8080, 8080, 'TCP'],
  [8000, 8001, 'TCP'],
  [8080, 8080, 'UDP'],
  [5353, 5353, 'UDP'],
]

const portPick: fc.Arbitrary<Port> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...numbers).map(([first, last, protocol]) => ({ first, last, protocol })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Port>(
      { name: 'http', protocol: 'TCP' },
      { name: 'metrics', protocol: 'TCP' },
      { name: 'talk', protocol: 'UDP' },
    ),
  },
)

const tierNames = ['web', 'api', 'db', 'worker'] as const
const tier = fc.constantFrom(...tierNames)
const app = fc.constantFrom(undefined, undefined, '', 'blog')

const selectors: readonly Selector[] = [
  { matchLabels: { role: 'client' } },
  { matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['client'] }] },
  { matchExpressions: [{ key: 'group', operator: 'Exists' }] },
]
const namespaceSelectors: readonly Selector[] = [
  { matchLabels: { project: 'frontend' } },
  { matchExpressions: [{ key: 'project', operator: 'DoesNotExist' }] },
]

const blocks: readonly { readonly cidr: string; readonly except: readonly string[] }[] = [
  { cidr: '203.0.113.10/32', except: [] },
  { cidr: '203.0.113.0/24', except: ['203.0.113.20/32'] },
  { cidr: '0.0.0.0/0', except: ['203.0.113.0/28'] },
  { cidr: '10.0.0.0/8', except: [] },
]

/** Another namespace by its place among the three; beyond them one where only a stranger is. */
const place = fc.nat(3)

export type PeerPick =
  | { readonly is: 'tier'; readonly tier: string; readonly app: string | undefined; readonly place: number | undefined }
  | { readonly is: 'app'; readonly app: string; readonly place: number | undefined }
  | { readonly is: 'podsOf'; readonly place: number }
  | { readonly is: 'plain'; readonly peer: Peer }

const plain = (peers: readonly Peer[]) => fc.constantFrom(...peers).map((peer): PeerPick => ({ is: 'plain', peer }))

const peerPick: fc.Arbitrary<PeerPick> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ tier, app }).map((said): PeerPick => ({ is: 'tier', ...said, place: undefined })),
  },
  { weight: 3, arbitrary: fc.record({ tier, app, place }).map((said): PeerPick => ({ is: 'tier', ...said })) },
  {
    weight: 1,
    arbitrary: fc
      .record({ app: fc.constantFrom('', 'blog'), place: fc.option(place, { nil: undefined }) })
      .map((said): PeerPick => ({ is: 'app', ...said })),
  },
  { weight: 1, arbitrary: place.map((place): PeerPick => ({ is: 'podsOf', place })) },
  { weight: 2, arbitrary: plain(blocks.map(block => ({ kind: 'cidr', ...block }))) },
  {
    weight: 2,
    arbitrary: plain([
      ...selectors.map((podSelector): Peer => ({ kind: 'pods', podSelector })),
      ...namespaceSelectors.map((namespaceSelector): Peer => ({ kind: 'pods', namespaceSelector })),
      ...selectors.map(
        (podSelector): Peer => ({
          kind: 'pods',
          podSelector,
          namespaceSelector: namespaceSelectors[0] ?? {},
        }),
      ),
    ]),
  },
  {
    weight: 3,
    arbitrary: plain([{ kind: 'anywhere' }, { kind: 'cluster' }, { kind: 'namespace' }, { kind: 'internet' }]),
  },
)

const entryPick = fc.record({
  peer: peerPick,
  ports: fc.option(fc.array(portPick, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 2 }),
})
export type EntryPick = typeof entryPick extends fc.Arbitrary<infer T> ? T : never

const fieldsPick = fc.record({
  ports: fc.option(fc.array(portPick, { maxLength: 2 }), { freq: 2, nil: undefined }),
  from: fc.option(fc.array(entryPick, { maxLength: 3 }), { freq: 2, nil: undefined }),
  to: fc.option(fc.array(entryPick, { maxLength: 2 }), { freq: 1, nil: undefined }),
})
export type FieldsPick = typeof fieldsPick extends fc.Arbitrary<infer T> ? T : never

const podPick = fc.record({
  /** `joins`: the second pod is one more of the first one's workload. */
  is: fc.constantFrom('tier', 'tier', 'tier', 'joins', 'workload', 'pod'),
  tier: fc.nat(1),
  role: fc.constantFrom('client', 'server'),
  grouped: fc.boolean(),
  covered: fc.boolean(),
  selectsByRole: fc.constantFrom(false, false, false, false, true),
  kind: fc.constantFrom('Deployment', 'StatefulSet'),
  fields: fieldsPick,
})
export type PodPick = typeof podPick extends fc.Arbitrary<infer T> ? T : never

const tierPick = fc.record({
  tier,
  app: fc.constantFrom('', '', '', 'blog'),
  by: fc.constantFrom('annotation', 'annotation', 'AppTier', 'selector'),
  fields: fieldsPick,
})

const namespacePick = fc.record({
  isolation: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, 'enforce', 'audit', 'off'),
  tiers: fc.tuple(tierPick, tierPick),
  pods: fc.tuple(podPick, podPick, podPick),
})

/** Both ends of an edge between namespaces, so that consent is not left to luck. */
const edgePick = fc.record({
  client: fc.nat(8),
  server: fc.nat(8),
  sides: fc.constantFrom('both', 'both', 'both', 'client', 'server'),
  ports: fc.option(fc.array(portPick, { minLength: 1, maxLength: 1 }), { nil: undefined }),
})

/** What somebody else wrote, beside Tierwall's. */
const othersPick = fc.record({
  namespace: fc.nat(2),
  selector: fc.constantFrom<Selector>({}, { matchLabels: { role: 'server' } }),
  direction: fc.constantFrom('ingress', 'egress'),
  peer: fc.constantFrom('none', 'cluster', 'outside'),
  port: fc.constantFrom(8080, 3306),
})
export type OthersPick = typeof othersPick extends fc.Arbitrary<infer T> ? T : never

export const appPick = fc.record({
  namespaces: fc.tuple(namespacePick, namespacePick, namespacePick),
  edges: fc.array(edgePick, { maxLength: 3 }),
  others: fc.array(othersPick, { maxLength: 1 }),
})
export type AppPick = typeof appPick extends fc.Arbitrary<infer T> ? T : never
