/** In which ways Cilium 1.15 takes policies otherwise than their API says; each must be seen to differ, or it goes off the list. */
import type { NetworkPolicy, PolicyPeer, PolicyPort } from '../../../src/api/kubernetes.ts'
import type { End } from '../../../src/evaluate/index.ts'
import type { Scene } from './scene.ts'

export interface KnownDifference {
  /** The heading in docs/cni.md that tells users of it. */
  readonly heading: string
  /** The folder of the case that shows it. */
  readonly shownBy: string
  /** Policies and ends as Cilium takes them. */
  readonly asTaken: (scene: Scene) => Scene
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    heading: 'Of a port range only the first port opens',
    shownBy: 'of-a-port-range-cilium-opens-the-first-port',
    asTaken: scene => ({
      ...scene,
      policies: scene.policies.map(policy => mapRules(policy, 'both', port => [withoutEndPort(port)])),
    }),
  },
  {
    heading: 'An address range never means a pod',
    shownBy: 'an-address-range-means-no-pod',
    asTaken: scene => ({
      ...scene,
      endOf: party => {
        const end = scene.endOf(party)
        return end.is === 'pod' ? { ...end, ips: [] } : end
      },
    }),
  },
  {
    heading: 'Namespaces chosen by what they lack mean the world outside as well',
    shownBy: 'namespaces-by-what-they-lack-mean-no-address',
    asTaken: scene => ({
      ...scene,
      policies: scene.policies.map(policy => mapPeers(policy, withSomeNamespace)),
      endOf: party => {
        const end = scene.endOf(party)
        return end.is === 'address' ? { ...nowhere, hostNetwork: false, ips: [end.ip] } : end
      },
    }),
  },
  {
    heading: 'In a way out, the name of a port means one number in the whole cluster',
    shownBy: 'a-port-name-with-two-numbers-is-no-way-out',
    asTaken: scene => ({
      ...scene,
      policies: scene.policies.map(policy => mapRules(policy, 'egress', port => numbered(port, scene.ports))),
    }),
  },
  {
    heading: 'An address range never means a node',
    shownBy: 'a-range-of-addresses-means-no-node',
    asTaken: scene => ({ ...scene, endOf: party => (party.isNode ? nowhere : scene.endOf(party)) }),
  },
  {
    heading: 'A node reaches the pods that run on it',
    shownBy: 'a-range-of-addresses-means-no-node',
    asTaken: scene => ({ ...scene, isExempt: ({ from }) => from.isNode === true }),
  },
]

/** What no address range and no selector means: only a rule without peers is for it. */
const nowhere: End = {
  is: 'pod',
  namespace: '',
  name: '',
  labels: {},
  namespaceLabels: {},
  ips: [],
  hostNetwork: true,
  ports: [],
}

export function takeAsCilium(scene: Scene, differences: readonly KnownDifference[] = knownDifferences): Scene {
  return differences.reduce((taken, { asTaken }) => asTaken(taken), scene)
}

const withoutEndPort = ({ endPort: _, ...port }: PolicyPort): PolicyPort => port

/** Of a name that several pods give different numbers, nothing. */
function numbered(port: PolicyPort, ports: Scene['ports']): readonly PolicyPort[] {
  if (typeof port.port !== 'string') return [port]
  const alike = ports.filter(({ name, protocol }) => name === port.port && protocol === (port.protocol ?? 'TCP'))
  const numbers = new Set(alike.map(({ containerPort }) => containerPort))
  return numbers.size === 1 ? [...numbers].map(number => ({ ...port, port: number })) : []
}

/** A rule that had ports and has none left is no rule any more: without ports it would mean them all. */
function mapRules(
  policy: NetworkPolicy,
  where: 'egress' | 'both',
  change: (port: PolicyPort) => readonly PolicyPort[],
): NetworkPolicy {
  const inRule = <R extends { readonly ports?: readonly PolicyPort[] | undefined }>(rule: R): readonly R[] => {
    if (rule.ports === undefined || rule.ports.length === 0) return [rule]
    const ports = rule.ports.flatMap(change)
    return ports.length === 0 ? [] : [{ ...rule, ports }]
  }
  const { ingress, egress, ...rest } = policy.spec
  const spec = {
    ...rest,
    ...(ingress ? { ingress: where === 'both' ? ingress.flatMap(inRule) : ingress } : {}),
    ...(egress ? { egress: egress.flatMap(inRule) } : {}),
  }
  return { ...policy, spec }
}

/** The empty selector is the one that Cilium gives this meaning itself. */
function withSomeNamespace(peer: PolicyPeer): PolicyPeer {
  const { matchLabels = {}, matchExpressions = [] } = peer.namespaceSelector ?? {}
  const isEmpty = Object.keys(matchLabels).length === 0 && matchExpressions.length === 0
  if (peer.namespaceSelector === undefined || !isEmpty) return peer
  const hasName = { key: 'kubernetes.io/metadata.name', operator: 'Exists' as const, values: [] }
  return { ...peer, namespaceSelector: { matchExpressions: [hasName] } }
}

function mapPeers(policy: NetworkPolicy, change: (peer: PolicyPeer) => PolicyPeer): NetworkPolicy {
  const { ingress, egress, ...rest } = policy.spec
  const spec = {
    ...rest,
    ...(ingress ? { ingress: ingress.map(rule => (rule.from ? { ...rule, from: rule.from.map(change) } : rule)) } : {}),
    ...(egress ? { egress: egress.map(rule => (rule.to ? { ...rule, to: rule.to.map(change) } : rule)) } : {}),
  }
  return { ...policy, spec }
}
