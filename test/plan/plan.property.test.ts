import { describe, expect, it } from 'vitest'
import type { NetworkPolicy } from '../../src/api/kubernetes.ts'
import { desiredPolicies } from '../../src/engine.ts'
import type { PodEnd } from '../../src/evaluate/index.ts'
import { appTier, decideYaml, readJson, workload } from '../decide.ts'
import fc from '../seeded.ts'
import { applyStep, type Cluster, clusterOf, type Flow, faultsOnTheWay, planBetween, stepsOf } from './replay.ts'

const namespaces = ['shop', 'data']
const names = ['a', 'b', 'c']

/** Two namespaces with three workloads each; the pods stay the same, what is said of them changes. */
const pods: readonly PodEnd[] = namespaces.flatMap((namespace, n) =>
  names.map(
    (name, index): PodEnd => ({
      is: 'pod',
      namespace,
      name,
      labels: { app: name, group: index < 2 ? 'x' : 'y', role: index > 0 ? 'r' : 's' },
      namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
      ips: [`10.0.${n}.${index + 1}`],
      hostNetwork: false,
      ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }],
    }),
  ),
)
const outside = { is: 'address', ip: '203.0.113.7' } as const
const dns: PodEnd = {
  is: 'pod',
  namespace: 'kube-system',
  name: 'kube-dns',
  labels: { 'k8s-app': 'kube-dns' },
  namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
  ips: ['10.0.9.1'],
  hostNetwork: false,
  ports: [],
}
const flows: readonly Flow[] = [
  ...[...pods, outside].flatMap(from =>
    [...pods, outside].flatMap(to => (from === to ? [] : [80, 81].map((port): Flow => ({ from, to, port })))),
  ),
  ...pods.map((from): Flow => ({ from, to: dns, port: 53 })),
]

const peer = fc.constantFrom(
  't1',
  't2',
  't3',
  't1.shop',
  't2.data',
  '*.shop',
  '*.data',
  'namespace',
  'cluster',
  'anywhere',
  '198.51.100.0/24',
  '203.0.113.0/24',
)
const ports = fc.constantFrom('80', '81', '80-81', '80, 81')
const peers = fc
  .uniqueArray(fc.tuple(peer, fc.constantFrom('', '', ':80', ':81')), { maxLength: 3 })
  .map(list =>
    list.length === 0
      ? 'none'
      : list.map(([who, port]) => (who.includes('/') && port ? `[${who}]${port}` : who + port)).join(', '),
  )
const said = fc.option(
  fc.record({ tier: fc.constantFrom('t1', 't2', 't3'), ports, 'allow-from': peers, 'allow-to': peers }),
  { nil: undefined, freq: 6 },
)
const selector = fc.constantFrom({ group: 'x' }, { group: 'y' }, { role: 'r' }, { app: 'a' })
const tierObject = fc.option(
  fc.record({
    tier: fc.constantFrom('t1', 't2', 't4'),
    selector,
    port: fc.constantFrom(80, 81),
    from: fc.constantFrom({ cluster: true }, { tier: 't1' }, { podSelector: { matchLabels: { role: 's' } } }),
  }),
  { nil: undefined },
)
const isolation = fc.constantFrom('enforce', 'enforce', 'enforce', 'off')

const input = fc.record({
  workloads: fc.array(said, { minLength: 6, maxLength: 6 }),
  tiers: fc.tuple(tierObject, tierObject),
  isolation: fc.tuple(isolation, isolation),
})
type Input = typeof input extends fc.Arbitrary<infer T> ? T : never

function clusterFor({ workloads, tiers, isolation }: Input): Cluster {
  const texts = namespaces.flatMap((namespace, n) => [
    `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, annotations: { 'tierwall.dev/isolation': isolation[n] } } })}\n`,
    ...names.map((name, index) => {
      const { is: _, ...pod } = pods[n * names.length + index] ?? { labels: {} }
      return workload(name, workloads[n * names.length + index] ?? {}, {
        namespace,
        selector: { app: name },
        template: { ...pod.labels },
        ports: [{ name: 'http', containerPort: 80 }],
      })
    }),
    ...[tiers[n]].flatMap(tier =>
      tier
        ? [
            appTier(
              `object-${tier.tier}`,
              {
                tier: tier.tier,
                selector: { matchLabels: tier.selector },
                ports: [{ port: tier.port }],
                from: [tier.from],
              },
              namespace,
            ),
          ]
        : [],
    ),
  ])
  return clusterOf(desiredPolicies(decideYaml(texts.join(''))).map(({ policy }) => policy))
}

/** What somebody took by hand from the first policy of a cluster, from the second and so on. */
const hands = fc.array(fc.constantFrom('nothing', 'nothing', 'ways in', 'ways out', 'last way out'), {
  minLength: 16,
  maxLength: 16,
})

function narrowByHand(cluster: Cluster, taken: readonly string[]): Cluster {
  return clusterOf(
    [...cluster.values()].map(({ spec: { ingress = [], egress = [], ...spec }, ...policy }, index) => {
      const what = taken[index % taken.length]
      const [way, ...ways] = what === 'ways in' ? [] : ingress
      const [exit, ...exits] = what === 'ways out' ? [] : what === 'last way out' ? egress.slice(0, -1) : egress
      return {
        ...policy,
        spec: { ...spec, ...(way ? { ingress: [way, ...ways] } : {}), ...(exit ? { egress: [exit, ...exits] } : {}) },
      }
    }),
  )
}

const foreign: readonly NetworkPolicy[] = [
  {
    podSelector: { matchLabels: { group: 'x' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ podSelector: {} }] }],
    egress: [{ ports: [{ port: 81 }] }],
  },
].flatMap(spec => {
  const read = readJson({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'foreign', namespace: 'shop' },
    spec,
  })
  return read.is === 'networkPolicy' ? [read.object] : []
})

const runs = { numRuns: Number(process.env.PLAN_RUNS ?? 100) }
/** Of what takes up a plan at each of its steps. */
const fewer = { numRuns: Math.ceil(runs.numRuns / 4) }

describe('a plan', () => {
  it('ends with what is desired, and then has nothing left to do', () => {
    fc.assert(
      fc.property(input, input, (before, after) => {
        const [live, desired] = [clusterFor(before), clusterFor(after)]
        const end = stepsOf(planBetween(live, desired)).reduce(applyStep, live)
        expect(Object.fromEntries(end)).toEqual(Object.fromEntries(desired))
        expect(stepsOf(planBetween(desired, desired))).toEqual([])
      }),
      runs,
    )
  })

  it('cuts nothing on the way that stays open, and opens nothing that stays shut', () => {
    fc.assert(
      fc.property(input, input, (before, after) => {
        expect(faultsOnTheWay(clusterFor(before), clusterFor(after), [], flows)).toEqual([])
      }),
      runs,
    )
  })

  it('does neither where somebody else’s policy is in force', () => {
    fc.assert(
      fc.property(input, input, (before, after) => {
        expect(faultsOnTheWay(clusterFor(before), clusterFor(after), foreign, flows)).toEqual([])
      }),
      runs,
    )
  })

  it('cuts nothing where it leaves policies that somebody narrowed by hand, also when taken up midway', () => {
    fc.assert(
      fc.property(input, hands, fc.boolean(), fc.nat(20), (before, taken, isForeign, died) => {
        const others = isForeign ? foreign : []
        const live = narrowByHand(clusterFor(before), taken)
        const left = clusterFor({ ...before, isolation: ['off', 'off'] })
        expect(faultsOnTheWay(live, left, others, flows)).toEqual([])
        const midway = stepsOf(planBetween(live, left, others))
          .slice(0, died)
          .reduce(applyStep, live)
        expect(faultsOnTheWay(midway, left, others, flows)).toEqual([])
      }),
      fewer,
    )
  })

  it('is taken up where an operator died between any two writes', () => {
    fc.assert(
      fc.property(input, input, fc.nat(20), (before, after, died) => {
        const [live, desired] = [clusterFor(before), clusterFor(after)]
        const midway = stepsOf(planBetween(live, desired)).slice(0, died).reduce(applyStep, live)
        const end = stepsOf(planBetween(midway, desired)).reduce(applyStep, midway)
        expect(Object.fromEntries(end)).toEqual(Object.fromEntries(desired))
        expect(faultsOnTheWay(midway, desired, [], flows)).toEqual([])
      }),
      runs,
    )
  })
})
