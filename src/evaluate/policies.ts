/** NetworkPolicies in, an index out that answers fast which of them isolate a pod and which rules those hold. */
import type { NetworkPolicy, PolicyPeer, PolicyPort } from '../api/kubernetes.ts'
import { type End, type PodEnd, podForPolicies } from './ends.ts'
import { type PeerTest, readPeer } from './peers.ts'
import { type LabelTest, readSelector } from './selectors.ts'

export type Direction = 'egress' | 'ingress'

export interface PolicyIndex {
  /** A pod is remembered by its object: one whose labels have changed must be a new object. */
  readonly isolationOf: (end: End, direction: Direction) => Isolation
}

/** The policies that select a pod in one direction, sorted by name, and all their rules; no policies: not isolated. */
export interface Isolation {
  readonly policies: readonly NetworkPolicy[]
  readonly rules: readonly Rule[]
}

export interface Rule {
  readonly policy: NetworkPolicy
  /** Its place in the policy's list. */
  readonly place: number
  /** `undefined` means everyone. */
  readonly peers: readonly PeerTest[] | undefined
  readonly ports: readonly PolicyPort[] | undefined
}

/** An index stays as it is. */
export function indexPolicies(policies: readonly NetworkPolicy[] | PolicyIndex): PolicyIndex {
  if ('isolationOf' in policies) return policies
  const byNamespace = Map.groupBy([...policies].sort(byName).map(readPolicy), policy => policy.namespace)
  const remembered = new WeakMap<PodEnd, PodIsolation>()
  const isolationOf = (end: End, direction: Direction): Isolation => {
    const pod = podForPolicies(end)
    if (pod === undefined) return notIsolated
    let isolation = remembered.get(pod)
    if (isolation === undefined) {
      isolation = isolate(pod, byNamespace.get(pod.namespace) ?? [])
      remembered.set(pod, isolation)
    }
    return isolation[direction]
  }
  return { isolationOf }
}

const notIsolated: Isolation = { policies: [], rules: [] }

type PodIsolation = Readonly<Record<Direction, Isolation>>

interface ReadPolicy {
  readonly policy: NetworkPolicy
  readonly namespace: string
  readonly selects: LabelTest
  /** `undefined` in a direction that the policy does not speak of. */
  readonly rules: Readonly<Record<Direction, readonly Rule[] | undefined>>
}

function readPolicy(policy: NetworkPolicy): ReadPolicy {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = policy.spec
  const namespace = policy.metadata.namespace ?? 'default'
  // Kubernetes' default, also for an empty list: ingress always, egress where there are rules for it.
  const isolatesIngress = policyTypes.length === 0 || policyTypes.includes('Ingress')
  const isolatesEgress = policyTypes.length === 0 ? egress.length > 0 : policyTypes.includes('Egress')
  const readRule = (peers: readonly PolicyPeer[] | undefined, ports: Rule['ports'], place: number): Rule => ({
    policy,
    place,
    peers: peers === undefined || peers.length === 0 ? undefined : peers.map(peer => readPeer(peer, namespace)),
    ports,
  })
  return {
    policy,
    namespace,
    selects: readSelector(podSelector),
    rules: {
      egress: isolatesEgress ? egress.map(({ to, ports }, place) => readRule(to, ports, place)) : undefined,
      ingress: isolatesIngress ? ingress.map(({ from, ports }, place) => readRule(from, ports, place)) : undefined,
    },
  }
}

function isolate(pod: PodEnd, candidates: readonly ReadPolicy[]): PodIsolation {
  const selecting = candidates.filter(({ selects }) => selects(pod.labels))
  const inDirection = (direction: Direction): Isolation => {
    const speaking = selecting.filter(({ rules }) => rules[direction] !== undefined)
    return {
      policies: speaking.map(({ policy }) => policy),
      rules: speaking.flatMap(({ rules }) => rules[direction] ?? []),
    }
  }
  return { egress: inDirection('egress'), ingress: inDirection('ingress') }
}

function byName(one: NetworkPolicy, other: NetworkPolicy): number {
  if (one.metadata.name === other.metadata.name) return 0
  return one.metadata.name < other.metadata.name ? -1 : 1
}
