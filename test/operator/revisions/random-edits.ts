/** Random sequences of edits: what people do in a week, within seconds. */
import fc from '../../seeded.ts'
import { type ByHandHow, type Edit, type Said, type Sequence, spaces, workloads } from './edits.ts'
import { dnsService, kubeDns, noDns, noEndpoints, noSlice, slice } from './ground.ts'

const space = fc.nat(spaces - 1)
const slot = fc.record({ space, workload: fc.nat(workloads - 1) })
const tier = fc.constantFrom('t1', 't2', 't3', 'web')

const peer = fc.constantFrom(
  ...['t1', 't2', 't3', 'web', 't1.@0', 't2.@0', 't1.@1', 't2.@1', '*.@0', '*.@1'],
  ...['namespace', 'cluster', 'anywhere', 'internet', '198.51.100.0/24', '203.0.113.0/24', '@office'],
)
const peers = fc
  .uniqueArray(fc.tuple(peer, fc.constantFrom('', '', ':80', ':81', ':8000-8005')), {
    maxLength: 3,
    selector: ([who]) => who,
  })
  .map(list => list.map(([who, port]) => (who.includes('/') && port ? `[${who}]${port}` : who + port)))
  .map(list => list.join(', ') || 'none')
const sound = fc.record({
  tier,
  ports: fc.constantFrom('80', '81', '80-81', '80, 53/UDP', 'http'),
  'allow-from': peers,
  'allow-to': peers,
})
const broken = fc.constantFrom<Said>(
  { tier: 'Web!' },
  { tier: 't1', ports: '80, eighty!', 'allow-from': 't2' },
  { tier: 't1', ports: '80', 'allow-from': 't2, ???' },
  { tier: 't2', 'allow-from': 't1' },
  { tier: 't3', ports: '80', 'allow-form': 't1' },
)
/** What it says beyond that, an AppTier says. */
const bare = fc.record({ tier })
const said = fc.oneof(
  { weight: 8, arbitrary: sound },
  { weight: 2, arbitrary: bare },
  { weight: 1, arbitrary: fc.constant<Said>({}) },
  { weight: 2, arbitrary: broken },
)

const appTier = fc.record({
  tier: fc.constantFrom('t1', 't2', 't4'),
  selector: fc.constantFrom(
    undefined,
    undefined,
    ...[{ group: 'x' }, { group: 'y' }, { role: 'r' }, { app: 'a' }].map(matchLabels => ({ matchLabels })),
    { matchExpressions: [{ key: 'group', operator: 'NotIn', values: ['x'] }] },
  ),
  ports: fc.constantFrom([{ port: 80 }], [{ port: 81 }], [{ port: 80, endPort: 82 }], []),
  from: fc.uniqueArray(
    fc.constantFrom<object>(
      { cluster: true },
      { tier: 't1' },
      { tier: 't2' },
      { sameNamespace: true },
      { podSelector: { matchLabels: { role: 's' } } },
      { namespaceSelector: { matchLabels: { project: 'x' } } },
      { cidr: '203.0.113.0/24' },
    ),
    { maxLength: 2 },
  ),
  to: fc.uniqueArray(
    fc.constantFrom<object>(
      { cidr: '198.51.100.0/24', ports: [{ port: 443 }] },
      { cluster: true, ports: [{ port: 80 }] },
      { tier: 't2' },
    ),
    { maxLength: 1 },
  ),
})

const foreign = fc.constantFrom<object>(
  {
    podSelector: { matchLabels: { group: 'x' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ podSelector: {} }] }],
    egress: [{ ports: [{ port: 81, protocol: 'TCP' }] }],
  },
  { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }] },
  { podSelector: { matchLabels: { role: 'r' } }, policyTypes: ['Egress'] },
)

const ground = fc.constantFrom<Edit[]>(
  ...[kubeDns, { dns: 'new' }, { app: 'e' }].flatMap(selector =>
    [53, 5353].map(port => dnsService({ selector, port })),
  ),
  dnsService({}),
  slice('kube-system', 'kube-dns', ['203.0.113.7']),
  slice('kube-system', 'kube-dns', ['198.51.100.7', '10.1.2.3'], 5353),
  dnsService({ namespace: '@0', name: 'own', selector: { group: 'x' } }),
  slice('default', 'kubernetes', ['203.0.113.7'], 6443),
  ...[noDns, noDns, noSlice, noEndpoints],
)
const configuration = fc.record(
  {
    peers: fc.constantFrom({ office: '203.0.113.0/24' }, { office: ['198.51.100.0/24', '10.1.2.3/32'] }),
    baseline: fc.constantFrom<object>({ from: ['cluster:81'] }, { from: ['@office:80'], to: ['198.51.100.0/24:443'] }),
    dns: fc.constantFrom<object>(
      { peers: ['198.51.100.7/32'] },
      { services: [{ namespace: '@0', name: 'own' }] },
      { services: [{ namespace: 'kube-system', name: 'kube-dns' }], peers: ['10.1.2.3/32'] },
    ),
    isolation: fc.constantFrom('enforce', 'enforce', 'audit', 'off'),
    clusterRanges: fc.constant(['198.51.100.0/24']),
  },
  { requiredKeys: [] },
)

const orNothing = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2, nil: undefined })
const pause = fc.nat(100)
const shape = fc.nat(2)

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ is: fc.constant('say'), slot, said }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('become'), slot, like: slot }) },
  {
    weight: 3,
    arbitrary: fc.record({
      is: fc.constant('consent'),
      client: slot,
      server: slot,
      sides: fc.constantFrom('both', 'both', 'client', 'server'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('make anew'), slot, shape, said, pause }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('remove'), slot }) },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('tier'),
      space,
      name: fc.constantFrom('one', 'two'),
      spec: orNothing(appTier),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('isolate'),
      space,
      mode: fc.constantFrom(undefined, undefined, 'enforce', 'enforce', 'audit', 'off', 'enforced'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('label'), space, project: fc.constantFrom('x', 'y', undefined) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('foreign'),
      space,
      name: fc.constantFrom('theirs', 'more'),
      spec: orNothing(foreign),
    }),
  },
  { weight: 2, arbitrary: ground },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('configure'), configuration }) },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('by hand'),
      space,
      pick: fc.nat(20),
      how: fc.constantFrom<ByHandHow[]>('opened', 'narrowed', 'relabelled', 'deleted'),
    }),
  },
)

const burst = fc.record({
  edits: fc.array(fc.record({ edit, pause }), { minLength: 1, maxLength: 5 }),
  falls: fc.option(fc.record({ after: fc.nat(6), how: fc.constantFrom('dies', 'dies', 'dies', 'freezes') }), {
    freq: 2,
    nil: undefined,
  }),
  settles: fc.constantFrom(true, true, true, false),
})

const everySlot = Array.from({ length: spaces * workloads }, (_, index) => ({
  space: index % spaces,
  workload: Math.floor(index / spaces),
}))

const start = fc
  .tuple(
    ...everySlot.map(() => fc.oneof({ weight: 3, arbitrary: sound }, { weight: 1, arbitrary: fc.constant<Said>({}) })),
  )
  .map(all =>
    all.map((said, index): Edit => ({ is: 'say', slot: everySlot[index] ?? { space: 0, workload: 0 }, said })),
  )

const sequence: fc.Arbitrary<Sequence> = fc.record({
  start,
  bursts: fc.array(burst, { minLength: 4, maxLength: 8 }),
})

export function makeSequence(seed: number): Sequence {
  const [one] = fc.sample(sequence, { seed, numRuns: 1 })
  if (!one) throw new Error('a sample has as many as were asked for')
  return one
}
