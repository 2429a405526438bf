/** What a world declares, read from the design's text alone: which ports are open from one end to another. */
import { familyOf, isIn } from './addresses.ts'
import type { End, Entry, Fields, Labels, Peer, Pod, Port, Protocol, Selector, World } from './shapes.ts'

export interface Probe {
  readonly port: number
  readonly protocol: Protocol
}

/** Bits of the probes: what has to be open, and what may be open where the design leaves it free. */
export interface Answer {
  readonly must: bigint
  readonly may: bigint
}

/** Pods that one policy is about, and what it wants. */
export interface Member {
  readonly namespace: string
  readonly app: string
  readonly tier: string
  readonly name: string
  readonly kind: string
  readonly selector: Selector
  readonly ports: readonly Port[]
  readonly from: readonly Entry[]
  readonly to: readonly Entry[]
}

const tcp = (port: number): Port => ({ first: port, last: port, protocol: 'TCP' })
export const presets: Readonly<Record<string, Required<Fields>>> = {
  web: { ports: [tcp(80)], from: [{ peer: { kind: 'anywhere' } }], to: [] },
  api: { ports: [tcp(5000)], from: [{ peer: { kind: 'tier', tier: 'web' } }], to: [] },
  db: { ports: [tcp(3306)], from: [{ peer: { kind: 'tier', tier: 'api' } }], to: [] },
}

export function membersOf(world: World): readonly Member[] {
  const { baseline } = world
  const wants = (tier: string, ...said: (Fields | undefined)[]) => {
    const spoken = [...said, Object.hasOwn(presets, tier) ? presets[tier] : undefined]
    const nearest = <F extends keyof Fields>(field: F) => spoken.find(fields => fields?.[field] !== undefined)?.[field]
    return {
      ports: nearest('ports') ?? [],
      from: [...(nearest('from') ?? []), ...baseline.from],
      to: [...(nearest('to') ?? []), ...baseline.to],
    }
  }
  const selecting = world.appTiers.flatMap(({ selector, namespace, app, tier, name, fields }) =>
    selector ? [{ kind: 'AppTier', namespace, app, tier, name, selector, ...wants(tier, fields) }] : [],
  )
  const annotated = world.workloads.flatMap(({ tier, covered, kind, namespace, name, selector, fields }) => {
    if (tier === undefined || covered) return []
    const above = world.appTiers.find(
      other => other.namespace === namespace && other.app === tier.app && other.tier === tier.name,
    )
    return [
      { kind, namespace, app: tier.app, tier: tier.name, name, selector, ...wants(tier.name, fields, above?.fields) },
    ]
  })
  return [...selecting, ...annotated]
}

/** Whether a namespace denies what nobody allows. */
export function isEnforced(world: World, members: readonly Member[], namespace: string): 'yes' | 'perhaps' | 'no' {
  // Silent: `enforce` set by hand denies also where no tier ever was, since nothing remembers one.
  const said = world.namespaces.find(({ name }) => name === namespace)?.isolation
  if (said !== undefined) return said === 'enforce' ? 'yes' : 'no'
  if (world.isolation !== 'enforce') return 'no'
  if (members.some(member => member.namespace === namespace)) return 'yes'
  // Silent: whether an AppTier that has no pods is a tier for which its namespace is isolated.
  return world.appTiers.some(appTier => appTier.namespace === namespace) ? 'perhaps' : 'no'
}

const nothing: Answer = { must: 0n, may: 0n }
const unite = (a: Answer, b: Answer): Answer => ({ must: a.must | b.must, may: a.may | b.may })
const cut = (a: Answer, b: Answer): Answer => ({ must: a.must & b.must, may: a.may & b.may })
const surely = (bits: bigint): Answer => ({ must: bits, may: bits })

/** On its node's network a pod is its node's address. */
const podOf = (end: End): Pod | undefined => ('name' in end && !end.hostNetwork ? end : undefined)
const addressesOf = (end: End): readonly string[] => ('name' in end ? end.ips : [end.ip])

export function matches(selector: Selector, labels: Labels): boolean {
  const has = (key: string) => Object.hasOwn(labels, key)
  const isOne = (key: string, values: readonly string[] = []) => has(key) && values.includes(labels[key] ?? '')
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => isOne(key, [value])) &&
    (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
      if (operator === 'In') return isOne(key, values)
      if (operator === 'NotIn') return !isOne(key, values)
      return has(key) === (operator === 'Exists')
    })
  )
}

const notPublic = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.168.0.0/16', '224.0.0.0/4', '240.0.0.0/4'],
]

const namesTier = ({ kind }: Peer) => kind === 'tier' || kind === 'app'
const names = (peer: Peer, speaker: Member, other: Member): boolean => {
  if (peer.kind !== 'tier' && peer.kind !== 'app') return false
  if (other.namespace !== (peer.namespace ?? speaker.namespace)) return false
  return other.app === (peer.app ?? speaker.app) && (peer.kind === 'app' || other.tier === peer.tier)
}
/** Silent: `*.NAMESPACE` with the speaker's own namespace says the same as `namespace`. */
const meansOwnNamespace = (peer: Peer, speaker: Member) =>
  peer.kind === 'namespace' || (peer.kind === 'podsOf' && peer.namespace === speaker.namespace)

/** Whether what one says of the other, by its tier or as a pod of the namespace, can appear in the other's policy. */
export function isRelated(one: Member, other: Member): boolean {
  const speaksOf = (speaker: Member, spoken: Member) =>
    [...speaker.from, ...speaker.to].some(
      ({ peer }) =>
        names(peer, speaker, spoken) ||
        (speaker.namespace === spoken.namespace && (meansOwnNamespace(peer, speaker) || peer.kind === 'named')),
    )
  const isSameTier = one.namespace === other.namespace && one.app === other.app && one.tier === other.tier
  return isSameTier || speaksOf(one, other) || speaksOf(other, one)
}

/** One direction alone, or both, as traffic needs them. */
export type Side = 'egress' | 'ingress' | 'both'

/** `hasPolicy`: members without one stay peers of others, but grant their own pods nothing. */
export function declaredReach(
  world: World,
  probes: readonly Probe[],
  hasPolicy: (member: Member) => boolean = () => true,
  side: Side = 'both',
): (from: End, to: End) => Answer {
  const members = membersOf(world)
  const all = (1n << BigInt(probes.length)) - 1n
  // A namespace whose every tier is broken has none for which it could be isolated.
  const sound = members.filter(hasPolicy)
  const enforced = new Map(world.namespaces.map(({ name }) => [name, isEnforced(world, sound, name)]))
  const labelsOf = new Map(world.namespaces.map(({ name, labels }) => [name, labels]))
  const selecting = new Map<End, readonly Member[]>()

  const membersOfPod = (end: End): readonly Member[] => {
    const known = selecting.get(end)
    if (known) return known
    const pod = podOf(end)
    const found = members.filter(member => pod?.namespace === member.namespace && matches(member.selector, pod.labels))
    selecting.set(end, found)
    return found
  }
  const restriction = (end: End): 'yes' | 'perhaps' | 'no' => {
    const pod = podOf(end)
    return (pod && enforced.get(pod.namespace)) ?? 'no'
  }
  const unlessFree = (end: End, granted: () => Answer): Answer => {
    const restricted = restriction(end)
    if (restricted === 'no') return surely(all)
    return restricted === 'yes' ? granted() : { must: granted().must, may: all }
  }

  const bitsOf = (ports: readonly Port[] | undefined, to: End): bigint => {
    if (ports === undefined) return all
    const meant = ports.flatMap(port => {
      if (!('name' in port)) return [port]
      return (podOf(to)?.ports ?? [])
        .filter(({ name, protocol }) => name === port.name && protocol === port.protocol)
        .map(({ containerPort, protocol }) => ({ first: containerPort, last: containerPort, protocol }))
    })
    return probes.reduce((bits, { port, protocol }, place) => {
      const isMeant = meant.some(range => range.protocol === protocol && range.first <= port && port <= range.last)
      return isMeant ? bits | (1n << BigInt(place)) : bits
    }, 0n)
  }
  const remembered = new WeakMap<readonly Port[], Map<End, bigint>>()
  const bits = (ports: readonly Port[] | undefined, to: End): bigint => {
    if (ports === undefined) return all
    const perEnd = remembered.get(ports) ?? new Map<End, bigint>()
    remembered.set(ports, perEnd)
    const known = perEnd.get(to) ?? bitsOf(ports, to)
    perEnd.set(to, known)
    return known
  }

  /** What admins named stands for its peers; what they did not define is nobody. */
  const expand = (list: readonly Entry[]): readonly Entry[] =>
    list.flatMap(entry =>
      entry.peer.kind === 'named' ? (world.named[entry.peer.name] ?? []).map(peer => ({ ...entry, peer })) : [entry],
    )
  const expanded = new Map(members.map(member => [member, { from: expand(member.from), to: expand(member.to) }]))
  const wants = (member: Member) => expanded.get(member) ?? { from: [], to: [] }

  /** Whether a peer that names no tier means this end. */
  const means = (peer: Peer, speaker: Member, end: End, family: 4 | 6 | undefined): boolean => {
    const pod = podOf(end)
    const held = (test: (ip: string) => boolean) => addressesOf(end).some(ip => familyOf(ip) === family && test(ip))
    switch (peer.kind) {
      case 'anywhere':
        return true
      case 'cluster':
        return pod !== undefined
      case 'namespace':
        return pod?.namespace === speaker.namespace
      case 'podsOf':
        return pod?.namespace === peer.namespace
      case 'pods':
        if (pod === undefined || !matches(peer.podSelector ?? {}, pod.labels)) return false
        return peer.namespaceSelector
          ? matches(peer.namespaceSelector, labelsOf.get(pod.namespace) ?? {})
          : pod.namespace === speaker.namespace
      case 'cidr':
        return held(ip => isIn(ip, peer.cidr) && !peer.except.some(hole => isIn(ip, hole)))
      case 'internet':
        return held(
          ip =>
            (familyOf(ip) === 4 ? !notPublic.some(range => isIn(ip, range)) : isIn(ip, '2000::/3')) &&
            !world.clusterRanges.some(range => isIn(ip, range)),
        )
      case 'kube-apiserver':
        return held(ip => (world.apiserver?.endpoints ?? []).some(({ address }) => address === ip))
      default:
        return false
    }
  }

  const portsSaidBy = (server: Member) => [...server.ports, ...wants(server).from.flatMap(({ ports }) => ports ?? [])]

  /** Whether an entry of one side covers a member of the other, so that it consents to an edge between two tiers. */
  const consents = (peer: Peer, speaker: Member, other: Member, pod: End): 'yes' | 'perhaps' | 'no' => {
    if (names(peer, speaker, other) || peer.kind === 'anywhere' || peer.kind === 'cluster') return 'yes'
    if (peer.kind === 'namespace') return other.namespace === speaker.namespace ? 'yes' : 'no'
    if (peer.kind === 'podsOf') return other.namespace === peer.namespace ? 'yes' : 'no'
    // Silent: addresses are no consent to a tier; pods' addresses are nobody's to know.
    if (peer.kind !== 'pods') return 'no'
    if (means(peer, speaker, pod, undefined)) return 'yes'
    // Silent: a selector that means some of a tier's pods consents to the tier or to those pods only.
    return means({ ...peer, podSelector: {} }, speaker, pod, undefined) ? 'perhaps' : 'no'
  }
  const consent = (
    list: readonly Entry[],
    speaker: Member,
    other: Member,
    pod: End,
    onPorts: (entry: Entry) => Answer,
  ): Answer =>
    list
      .map(entry => {
        const verdict = consents(entry.peer, speaker, other, pod)
        if (verdict === 'no') return nothing
        const { must, may } = onPorts(entry)
        return { must: verdict === 'yes' ? must : 0n, may }
      })
      .reduce(unite, nothing)
  /** Silent: which number a port name has where the pod is another workload's that the server's selector meets by chance. */
  const agreed = (
    ports: readonly Port[] | undefined,
    server: Member,
    to: End,
    others: readonly Port[] = [],
  ): Answer => {
    const isOwn = server.kind === 'AppTier' || ('name' in to && /^(.*)-\d+$/.exec(to.name)?.[1] === server.name)
    if (isOwn || ![...(ports ?? []), ...portsSaidBy(server), ...others].some(port => 'name' in port))
      return surely(bits(ports, to))
    return { must: 0n, may: all }
  }
  /** A side alone may be wider where the other spells a number as a name: only together do they say which pods. */
  const askedBy = (client: Member) => (side === 'both' ? [] : wants(client).to.flatMap(({ ports }) => ports ?? []))
  const accepts = (server: Member, client: Member, from: End, to: End): Answer =>
    consent(wants(server).from, server, client, from, ({ ports }) =>
      agreed(ports ?? server.ports, server, to, askedBy(client)),
    )
  const asks = (client: Member, server: Member, to: End): Answer =>
    consent(wants(client).to, client, server, to, ({ ports }) => agreed(ports, server, to))

  const dns = (to: End, family: 4 | 6 | undefined): Answer =>
    world.dns.answers
      .map(({ pods, ip, ports, isFree = false }): Answer => {
        const pod = podOf(to)
        const isPod =
          pods !== undefined && pod?.namespace === pods.namespace && matches({ matchLabels: pods.labels }, pod.labels)
        const isAddress = ip !== undefined && familyOf(ip) === family && addressesOf(to).includes(ip)
        const open = isPod || isAddress ? bits(ports, to) : 0n
        return { must: isFree ? 0n : open, may: open }
      })
      .reduce(unite, nothing)

  const apiserverBits = ({ ports }: Entry, to: End): bigint =>
    (world.apiserver?.endpoints ?? [])
      .filter(({ address }) => addressesOf(to).includes(address))
      .reduce((sum, { port }) => sum | (bits(ports, to) & bitsOf([tcp(port)], to)), 0n)

  const egress = (from: End, to: End, family: 4 | 6 | undefined): Answer => {
    let answer = dns(to, family)
    for (const client of membersOfPod(from).filter(hasPolicy)) {
      for (const entry of wants(client).to) {
        if (namesTier(entry.peer)) {
          for (const server of membersOfPod(to))
            if (names(entry.peer, client, server))
              answer = unite(answer, cut(agreed(entry.ports, server, to), accepts(server, client, from, to)))
        } else if (means(entry.peer, client, to, family))
          answer = unite(
            answer,
            surely(entry.peer.kind === 'kube-apiserver' ? apiserverBits(entry, to) : bits(entry.ports, to)),
          )
      }
      for (const server of membersOfPod(to)) {
        if (server.namespace !== client.namespace) continue
        for (const { peer, ports } of wants(server).from)
          if (names(peer, server, client) || meansOwnNamespace(peer, server))
            answer = unite(answer, surely(bits(ports ?? server.ports, to)))
      }
    }
    return answer
  }

  const ingress = (from: End, to: End, family: 4 | 6 | undefined): Answer => {
    let answer = nothing
    for (const server of membersOfPod(to).filter(hasPolicy))
      for (const { peer, ports } of wants(server).from) {
        const open = surely(bits(ports ?? server.ports, to))
        if (namesTier(peer)) {
          for (const client of membersOfPod(from))
            if (names(peer, server, client))
              answer = unite(answer, client.namespace === server.namespace ? open : cut(open, asks(client, server, to)))
        } else if (means(peer, server, from, family)) answer = unite(answer, open)
      }
    return answer
  }

  return (from, to) => {
    const known = [from, to].map(end => addressesOf(end).map(familyOf)).filter(list => list.length > 0)
    const shared = ([4, 6] as const).filter(family => known.every(list => list.includes(family)))
    const families = known.length === 0 ? [undefined] : shared
    return families
      .map(family =>
        cut(
          side === 'ingress' ? surely(all) : unlessFree(from, () => egress(from, to, family)),
          side === 'egress' ? surely(all) : unlessFree(to, () => ingress(from, to, family)),
        ),
      )
      .reduce(unite, nothing)
  }
}

/** Every port at which anything in the world begins or ends, and its neighbours, in each protocol. */
export function probesOf(world: World): readonly Probe[] {
  const members = membersOf(world)
  const said = [
    ...members.flatMap(({ ports, from, to }) => [...ports, ...[...from, ...to].flatMap(entry => entry.ports ?? [])]),
    ...world.dns.answers.flatMap(({ ports }) => ports),
  ].flatMap(port => ('name' in port ? [] : [port.first, port.last]))
  const declared = world.pods.flatMap(({ ports }) => ports.map(({ containerPort }) => containerPort))
  const apiserver = (world.apiserver?.endpoints ?? []).map(({ port }) => port)
  const edges = [...said, ...declared, ...apiserver].flatMap(port => [port - 1, port, port + 1])
  const ports = [...new Set([1, 65535, ...edges])].filter(port => port >= 1 && port <= 65535).sort((a, b) => a - b)
  return (['TCP', 'UDP', 'SCTP'] as const).flatMap(protocol => ports.map(port => ({ port, protocol })))
}
