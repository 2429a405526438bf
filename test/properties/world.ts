/** Random worlds: independent picks that fast-check can shrink, made into a world that holds together. */
import fc from '../seeded.ts'
import { type DnsVariant, dnsVariants } from './dns.ts'
import { presets } from './oracle.ts'
import { type EntryPick, entryPick, namedPeers, type Place, readEntry } from './peers.ts'
import type { AppTier, ContainerPort, Entry, Fields, Labels, Pod, Port, Protocol, Workload, World } from './shapes.ts'

const namespaceNames = ['shop', 'data', 'front', 'infra'] as const
const tierNames = ['web', 'api', 'db', 'worker', 'cache'] as const
const roles = ['client', 'server'] as const
const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const

const protocolPick = fc.constantFrom<Protocol>('TCP', 'TCP', 'TCP', 'UDP', 'SCTP')
const ranges = [
  ...[80, 443, 5000, 3306, 8080, 9090, 1, 65535].map(port => [port, port] as const),
  ...([
    [8000, 8100],
    [1, 1024],
    [5000, 5001],
    [3306, 65535],
  ] as const),
]
export const portPick: fc.Arbitrary<Port> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({ range: fc.constantFrom(...ranges), protocol: protocolPick })
      .map(({ range: [first, last], protocol }) => ({ first, last, protocol })),
  },
  { weight: 1, arbitrary: fc.record({ name: fc.constantFrom('http', 'metrics', 'dns'), protocol: protocolPick }) },
)

const fieldsPick = fc.record({
  ports: fc.option(fc.array(portPick, { maxLength: 3 }), { freq: 2, nil: undefined }),
  from: fc.option(fc.array(entryPick(portPick), { maxLength: 3 }), { freq: 2, nil: undefined }),
  to: fc.option(fc.array(entryPick(portPick), { maxLength: 3 }), { freq: 1, nil: undefined }),
})
type FieldsPick = typeof fieldsPick extends fc.Arbitrary<infer T> ? T : never

const containerPorts: readonly ContainerPort[][] = [
  [],
  [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  [
    { name: 'http', containerPort: 80, protocol: 'TCP' },
    { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
  ],
  [{ name: 'dns', containerPort: 53, protocol: 'UDP' }],
]

const workloadPick = fc.record({
  kind: fc.constantFrom(...kinds),
  role: fc.constantFrom(...roles),
  selectsBy: fc.constantFrom('name', 'name', 'name', 'expression', 'role'),
  grouped: fc.boolean(),
  covered: fc.boolean(),
  appBy: fc.constantFrom<Workload['appBy']>('annotation', 'label'),
  containerPorts: fc.nat(containerPorts.length - 1),
  pods: fc.constantFrom(1, 1, 2),
  ips: fc.constantFrom(4, 4, 6, 0),
  written: fc.boolean(),
  hostNetwork: fc.constantFrom(false, false, false, false, false, false, false, false, false, true),
  fields: fieldsPick,
})
type WorkloadPick = typeof workloadPick extends fc.Arbitrary<infer T> ? T : never

const tierPick = fc.record({
  app: fc.constantFrom('', '', 'shop', 'bi'),
  tier: fc.constantFrom(...tierNames),
  by: fc.constantFrom('annotation', 'annotation', 'AppTier', 'selector'),
  appBy: fc.constantFrom<AppTier['appBy']>('spec', 'label'),
  selectsIn: fc.boolean(),
  fields: fieldsPick,
  workloads: fc.array(workloadPick, { maxLength: 3 }),
})

const strayPick = fc.record({
  is: fc.constantFrom('workload', 'pod', 'pod'),
  group: fc.constantFrom('', 'web', 'api', 'db', 'worker'),
  workload: workloadPick,
})

const namespacePick = fc.record({
  isolation: fc.constantFrom(undefined, undefined, undefined, undefined, 'enforce', 'audit', 'off'),
  labels: fc.constantFrom<Labels>({}, { project: 'frontend' }, { name: 'prod' }, { project: 'frontend', name: 'prod' }),
  tiers: fc.array(tierPick, { minLength: 0, maxLength: 3 }),
  strays: fc.array(strayPick, { maxLength: 2 }),
})

/** Both ends of an edge between namespaces, so that consent is not left to luck. */
const edgePick = fc.record({
  client: fc.nat(20),
  server: fc.nat(20),
  sides: fc.constantFrom('both', 'both', 'client', 'server'),
  to: fc.record({ form: fc.nat(5), ports: fc.option(fc.array(portPick, { minLength: 1, maxLength: 2 }), { freq: 1 }) }),
  from: fc.record({
    form: fc.nat(5),
    ports: fc.option(fc.array(portPick, { minLength: 1, maxLength: 2 }), { freq: 1 }),
  }),
})
type EdgePick = typeof edgePick extends fc.Arbitrary<infer T> ? T : never

const worldPick = fc.record({
  namespaces: fc.array(namespacePick, { minLength: 1, maxLength: 4 }),
  edges: fc.array(edgePick, { maxLength: 3 }),
  dns: fc.constantFrom<DnsVariant>(...dnsVariants),
  apiserver: fc.constantFrom('slice', 'configuration', undefined),
  isolation: fc.constantFrom<World['isolation']>('enforce', 'enforce', 'enforce', 'enforce', 'audit', 'off'),
  clusterRanges: fc.constantFrom(
    [],
    ['10.244.0.0/16', '10.96.0.0/12'],
    ['203.0.113.0/25', '2001:db8:aa::/48'],
    ['10.0.0.0/7', 'fd00::/8'],
    ['0.0.0.0/0', '2000::/3'],
  ),
  baselineFrom: fc.array(
    fc.record({
      entry: entryPick(portPick),
      ports: fc.option(fc.array(portPick, { minLength: 1, maxLength: 1 }), { nil: undefined }),
    }),
    {
      maxLength: 1,
    },
  ),
  baselineTo: fc.array(entryPick(portPick), { maxLength: 1 }),
  hasBaseline: fc.constantFrom(false, false, true),
})
export type WorldPick = typeof worldPick extends fc.Arbitrary<infer T> ? T : never

export const world: fc.Arbitrary<World> = worldPick.map(buildWorld)

function buildWorld(pick: WorldPick): World {
  const inUse = namespaceNames.slice(0, pick.namespaces.length)
  const dns = pick.dns()
  const workloads: Workload[] = []
  const appTiers: AppTier[] = []
  const pods: Pod[] = [...dns.pods]
  const addPods = (workload: Workload, picked: WorkloadPick) => {
    for (let replica = 0; replica < picked.pods; replica += 1) pods.push(podOf(workload, picked, replica, pods.length))
  }
  const workloadNames = new Set<string>()

  for (const [place, namespace] of inUse.entries()) {
    const taken = new Set<string>()
    for (const tier of pick.namespaces[place]?.tiers ?? []) {
      const key = `${tier.app}/${tier.tier}`
      if (taken.has(key)) continue
      taken.add(key)
      const group = tier.app === '' ? tier.tier : `${tier.app}-${tier.tier}`
      const at: Place = { namespace, app: tier.app }
      if (tier.by !== 'annotation')
        appTiers.push({
          namespace,
          name: group,
          app: tier.app,
          appBy: tier.appBy,
          tier: tier.tier,
          selector:
            tier.by === 'AppTier'
              ? undefined
              : tier.selectsIn
                ? { matchExpressions: [{ key: 'group', operator: 'In', values: [group] }] }
                : { matchLabels: { group } },
          fields: readFields(tier.fields, at, 'AppTier'),
        })
      for (const [index, picked] of tier.workloads.entries()) {
        const covered = tier.by === 'selector' && picked.covered
        const workload = buildWorkload(picked, `${group}-${index}`, at, tier.tier, group, covered)
        workloads.push(workload)
        workloadNames.add(`${namespace}/${workload.name}`)
        addPods(workload, picked)
      }
    }
    for (const [index, { is, group, workload: picked }] of (pick.namespaces[place]?.strays ?? []).entries()) {
      const stray = buildWorkload(picked, `stray-${index}`, { namespace, app: '' }, undefined, group, picked.covered)
      if (is === 'workload') workloads.push(stray)
      addPods(stray, is === 'workload' ? picked : { ...picked, pods: 1, written: true })
    }
  }
  const outsider = { namespace: 'outside', hostNetwork: false, ports: containerPorts[2] ?? [], written: true }
  pods.push({ ...outsider, name: 'prometheus-0', labels: { role: 'client' }, ips: ['10.244.9.1'] })
  pods.push({
    ...outsider,
    name: 'other-0',
    labels: { role: 'server', group: 'web' },
    ips: ['10.244.9.2', 'fd00::9:2'],
  })

  for (const edge of pick.edges) addEdge(edge, workloads, appTiers)
  const baseline = pick.hasBaseline
    ? {
        from: pick.baselineFrom.map(({ entry, ports }) => {
          const { peer } = readEntry(entry, { namespace: '', app: '' }, 'configuration', 'from')
          return ports === undefined ? { peer } : { peer, ports }
        }),
        to: pick.baselineTo.map(entry => readEntry(entry, { namespace: '', app: '' }, 'configuration', 'to')),
      }
    : { from: [], to: [] }
  keepPortsSomewhere(workloads, appTiers)
  return {
    namespaces: [
      ...inUse.map((name, place) => {
        const { labels = {}, isolation } = pick.namespaces[place] ?? {}
        const isPlain = isolation === undefined && Object.keys(labels).length === 0
        return {
          name,
          labels: { ...labels, 'kubernetes.io/metadata.name': name },
          isolation: isolation as World['isolation'] | undefined,
          written: !isPlain || place % 2 === 0,
        }
      }),
      {
        name: 'outside',
        labels: { name: 'prod', 'kubernetes.io/metadata.name': 'outside' },
        isolation: undefined,
        written: true,
      },
      {
        name: 'kube-system',
        labels: { 'kubernetes.io/metadata.name': 'kube-system' },
        isolation: undefined,
        written: false,
      },
      {
        name: 'resolvers',
        labels: { 'kubernetes.io/metadata.name': 'resolvers' },
        isolation: undefined,
        written: false,
      },
    ],
    workloads,
    appTiers,
    pods,
    dns,
    apiserver: pick.apiserver && {
      by: pick.apiserver as 'slice' | 'configuration',
      endpoints: [
        { address: '172.18.0.2', port: 6443 },
        { address: '172.18.0.3', port: 6443 },
      ],
    },
    isolation: pick.isolation,
    clusterRanges: pick.clusterRanges,
    named: namedPeers,
    baseline,
  }
}

function buildWorkload(
  picked: WorkloadPick,
  name: string,
  at: Place,
  tier: string | undefined,
  group: string,
  covered: boolean,
): Workload {
  const hasGroup = group !== '' && (covered || picked.grouped)
  const own: Labels =
    picked.selectsBy === 'role' && !covered && tier !== undefined
      ? { role: picked.role }
      : { 'app.kubernetes.io/name': name }
  const selector =
    picked.selectsBy === 'expression' && !covered
      ? { matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In' as const, values: [name] }] }
      : { matchLabels: { ...own, ...(covered && hasGroup ? { group } : {}) } }
  return {
    kind: picked.kind,
    namespace: at.namespace,
    name,
    selector,
    podLabels: { 'app.kubernetes.io/name': name, role: picked.role, ...(hasGroup ? { group } : {}) },
    containerPorts: containerPorts[picked.containerPorts] ?? [],
    hostNetwork: picked.hostNetwork,
    tier: tier === undefined ? undefined : { app: at.app, name: tier },
    appBy: picked.appBy,
    covered,
    fields: tier === undefined || covered ? {} : readFields(picked.fields, at, 'annotation'),
  }
}

function podOf(workload: Workload, picked: WorkloadPick, replica: number, place: number): Pod {
  const v4 = workload.hostNetwork ? `172.18.1.${place + 1}` : `10.244.1.${place + 1}`
  const both = [v4, `fd00:10:244::${(place + 1).toString(16)}`]
  return {
    namespace: workload.namespace,
    name: `${workload.name}-${replica}`,
    labels: workload.podLabels,
    ips: picked.ips === 6 ? both : picked.ips === 4 || workload.hostNetwork ? [v4] : [],
    hostNetwork: workload.hostNetwork,
    ports: workload.containerPorts,
    written: picked.written,
  }
}

function readFields(pick: FieldsPick, at: Place, door: 'annotation' | 'AppTier'): Fields {
  const entries = (picks: readonly EntryPick[], direction: 'from' | 'to') =>
    picks.map(picked => readEntry(picked, at, door, direction))
  return {
    ...(pick.ports ? { ports: pick.ports } : {}),
    ...(pick.from ? { from: entries(pick.from, 'from') } : {}),
    ...(pick.to ? { to: entries(pick.to, 'to') } : {}),
  }
}

/** Whoever speaks for a tier: a workload's annotations, or an AppTier over the workloads that it covers. */
interface Speaker {
  readonly namespace: string
  readonly app: string
  readonly tier: string
  readonly role: string
  readonly door: 'annotation' | 'AppTier'
  readonly says: { fields: Fields }
}

function addEdge(edge: EdgePick, workloads: readonly Workload[], appTiers: readonly AppTier[]): void {
  const speakers: Speaker[] = [
    ...appTiers.flatMap(says => (says.selector ? [{ ...says, role: 'client', door: 'AppTier' as const, says }] : [])),
    ...workloads.flatMap(says =>
      says.tier && !says.covered
        ? [
            {
              namespace: says.namespace,
              app: says.tier.app,
              tier: says.tier.name,
              role: says.podLabels.role ?? '',
              door: 'annotation' as const,
              says,
            },
          ]
        : [],
    ),
  ]
  const client = speakers[edge.client % Math.max(1, speakers.length)]
  const others = speakers.filter(({ namespace }) => namespace !== client?.namespace)
  const server = others[edge.server % Math.max(1, others.length)]
  if (client === undefined || server === undefined) return
  const say = (speaker: Speaker, field: 'from' | 'to', entry: Entry) => {
    const preset = field === 'from' ? (presets[speaker.tier]?.from ?? []) : []
    speaker.says.fields = { ...speaker.says.fields, [field]: [...(speaker.says.fields[field] ?? preset), entry] }
  }
  if (edge.sides !== 'server') say(client, 'to', toward(server, client.door, edge.to.form, edge.to.ports))
  if (edge.sides !== 'client') say(server, 'from', toward(client, server.door, edge.from.form, edge.from.ports))
}

function toward(other: Speaker, door: Speaker['door'], form: number, ports: readonly Port[] | null): Entry {
  const { namespace, app, tier, role } = other
  const metadataName = { matchLabels: { 'kubernetes.io/metadata.name': namespace } }
  const withPorts = ports ? { ports } : {}
  if (form === 0) return { peer: { kind: 'cluster' }, ...withPorts }
  if (form === 1) return { peer: { kind: 'app', app, namespace }, ...withPorts }
  if (form === 2 && door === 'annotation') return { peer: { kind: 'podsOf', namespace }, ...withPorts }
  if (form === 2)
    return {
      peer: { kind: 'pods', namespaceSelector: metadataName, podSelector: { matchLabels: { role } } },
      ...withPorts,
    }
  return { peer: { kind: 'tier', tier, app, namespace }, ...withPorts }
}

/** A `from` that ends up with ports from nowhere is an error, and these worlds are sound. */
function keepPortsSomewhere(workloads: readonly Workload[], appTiers: readonly AppTier[]): void {
  const http: readonly Port[] = [{ first: 8080, last: 8080, protocol: 'TCP' }]
  const needsPorts = (tier: string, ...said: (Fields | undefined)[]) => {
    const all = [...said, presets[tier]]
    const ports = all.find(fields => fields?.ports !== undefined)?.ports ?? []
    const from = all.find(fields => fields?.from !== undefined)?.from ?? []
    return ports.length === 0 && from.some(entry => entry.ports === undefined)
  }
  for (const appTier of appTiers)
    if (needsPorts(appTier.tier, appTier.fields)) appTier.fields = { ...appTier.fields, ports: http }
  for (const workload of workloads) {
    if (workload.tier === undefined || workload.covered) continue
    const { app, name } = workload.tier
    const above = appTiers.find(one => one.namespace === workload.namespace && one.app === app && one.tier === name)
    if (needsPorts(name, workload.fields, above?.fields)) workload.fields = { ...workload.fields, ports: http }
  }
}
