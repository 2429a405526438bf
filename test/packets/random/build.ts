/** Picks → an application in the namespaces of a lane, as the oracle takes it and as its people write it. */
import { presets } from '../../properties/oracle.ts'
import type { AppTier, Entry, Labels, Peer, Pod, Workload, World } from '../../properties/shapes.ts'
import { strangersNamespace } from '../case/always.ts'
import { plainCluster } from '../case/plain-cluster.ts'
import { type Place, readFields } from './fields.ts'
import type { AppPick, PodPick } from './picks.ts'
import { namespaceLabels, namespacesOf, slots } from './slots.ts'

/** The address of a slot's pod. */
export type AddressOf = (namespace: string, slot: string) => string

export function buildWorld(pick: AppPick, lane: number, addressOfPod: AddressOf): World {
  const names = namespacesOf(lane)
  const built = pick.namespaces.map((one, place) => buildNamespace(one, place, names, addressOfPod))
  const workloads = built.flatMap(one => one.workloads)
  const appTiers = built.flatMap(one => one.appTiers)
  for (const edge of pick.edges) addEdge(edge, workloads)
  for (const one of [...workloads, ...appTiers]) keepPortsSomewhere(one, appTiers)
  return {
    namespaces: [
      ...built.map(one => one.namespace),
      ...[strangersNamespace, 'kube-system'].map(name => ({
        name,
        labels: { 'kubernetes.io/metadata.name': name },
        isolation: undefined,
        written: false,
      })),
    ],
    workloads,
    appTiers,
    pods: built.flatMap(one => one.pods),
    ...plainCluster,
  }
}

type NamespacePick = AppPick['namespaces'][number]

function buildNamespace(
  { isolation, tiers, pods }: NamespacePick,
  place: number,
  names: readonly string[],
  addressOfPod: AddressOf,
) {
  const namespace = names[place] ?? ''
  const at = { namespace, names }
  const [first, second] = tiers
  const isSame = first.tier === second.tier && first.app === second.app
  const inUse = isSame ? [first] : [first, second]
  const appTiers = inUse
    .filter(({ by }) => by !== 'annotation')
    .map(
      ({ tier, app, by, fields }): AppTier => ({
        namespace,
        name: groupOf(app, tier),
        app,
        appBy: 'spec',
        tier,
        selector: by === 'selector' ? { matchLabels: { group: groupOf(app, tier) } } : undefined,
        fields: readFields(fields, at, 'AppTier'),
      }),
    )
  const workloads: Workload[] = []
  const made: Pod[] = []
  for (const [slotPlace, picked] of pods.entries()) {
    const slot = slots[slotPlace]
    if (slot === undefined) throw new Error('there are as many slots as pods')
    const before = picked.is === 'joins' && slotPlace === 1 ? workloads[0] : undefined
    const tier = inUse[picked.tier] ?? first
    const workload =
      before ?? (picked.is === 'pod' ? undefined : buildWorkload(picked, slot.name, slot.ports, tier, at))
    if (workload !== undefined && workload !== before) workloads.push(workload)
    const name = workload === undefined ? `alone-${slotPlace}` : `${workload.name}-${slotPlace}`
    made.push({
      namespace,
      name,
      labels: workload?.podLabels ?? { app: slot.name, role: picked.role },
      ips: [addressOfPod(namespace, slot.name)],
      hostNetwork: false,
      ports: slot.ports,
      written: true,
    })
  }
  return {
    namespace: {
      name: namespace,
      labels: { ...namespaceLabels[place], 'kubernetes.io/metadata.name': namespace },
      isolation: isolation as World['isolation'] | undefined,
      written: true,
    },
    workloads,
    appTiers,
    pods: made,
  }
}

const groupOf = (app: string, tier: string) => (app === '' ? tier : `${app}-${tier}`)

function buildWorkload(
  picked: PodPick,
  name: string,
  containerPorts: Workload['containerPorts'],
  { tier, app, by }: NamespacePick['tiers'][number],
  at: Place,
): Workload {
  const isTier = picked.is !== 'workload'
  const covered = isTier && by === 'selector' && picked.covered
  const group: Labels = covered || (isTier && picked.grouped) ? { group: groupOf(app, tier) } : {}
  const own: Labels = picked.selectsByRole && isTier && !covered ? { role: picked.role } : { app: name }
  return {
    kind: picked.kind as 'Deployment',
    namespace: at.namespace,
    name,
    selector: { matchLabels: covered ? { ...own, ...group } : own },
    podLabels: { app: name, role: picked.role, ...group },
    containerPorts,
    hostNetwork: false,
    tier: isTier ? { app, name: tier } : undefined,
    appBy: 'annotation',
    covered,
    fields: isTier && !covered ? readFields(picked.fields, at, 'annotation') : {},
  }
}

function addEdge({ client, server, sides, ports }: AppPick['edges'][number], workloads: readonly Workload[]): void {
  const speakers = workloads.filter(({ tier, covered }) => tier !== undefined && !covered)
  const one = speakers[client % Math.max(1, speakers.length)]
  const others = speakers.filter(({ namespace }) => namespace !== one?.namespace)
  const other = others[server % Math.max(1, others.length)]
  if (one === undefined || other === undefined) return
  const say = (speaker: Workload, spoken: Workload, field: 'from' | 'to') => {
    const preset = field === 'from' ? (presets[speaker.tier?.name ?? '']?.from ?? []) : []
    const { tier, namespace } = spoken
    const peer: Peer = { kind: 'tier', tier: tier?.name ?? '', app: tier?.app ?? '', namespace }
    const entry: Entry = { peer, ...(field === 'from' && ports ? { ports } : {}) }
    speaker.fields = { ...speaker.fields, [field]: [...(speaker.fields[field] ?? preset), entry] }
  }
  if (sides !== 'server') say(one, other, 'to')
  if (sides !== 'client') say(other, one, 'from')
}

/** A `from` that ends up with ports from nowhere is an error, and these applications are sound. */
function keepPortsSomewhere(one: Workload | AppTier, appTiers: readonly AppTier[]): void {
  const isWorkload = 'kind' in one
  if (isWorkload && (one.tier === undefined || one.covered)) return
  const [app, tier] = isWorkload ? [one.tier?.app, one.tier?.name ?? ''] : [one.app, one.tier]
  const above = appTiers.find(other => other.namespace === one.namespace && other.app === app && other.tier === tier)
  const said = [one.fields, above?.fields, presets[tier]]
  const ports = said.find(fields => fields?.ports !== undefined)?.ports ?? []
  const from = said.find(fields => fields?.from !== undefined)?.from ?? []
  if (ports.length === 0 && from.some(entry => entry.ports === undefined))
    one.fields = { ...one.fields, ports: [{ first: 8080, last: 8080, protocol: 'TCP' }] }
}
