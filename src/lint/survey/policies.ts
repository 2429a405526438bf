/** The policies that will hold once Tierwall has written its own, and what they would be without everyone else's. */
import { written } from '../../api/annotations.ts'
import { type Labels, type NetworkPolicy, readerOf } from '../../api/kubernetes.ts'
import type { Decision } from '../../engine.ts'
import { type Direction, indexPolicies, type PodEnd, type PolicyIndex } from '../../evaluate/index.ts'
import type { NamespacePolicies } from '../../policy/index.ts'
import type { WirePolicy } from '../../policy/wire.ts'
import { indexSelectors } from './label-index.ts'
import { remember } from './remember.ts'

export interface Policies {
  /** Namespaces where Tierwall's policies will be. */
  readonly enforced: ReadonlyMap<string, NamespacePolicies>
  /** Policies of the input in a namespace that are not Tierwall's and that it will not write over. */
  readonly foreignIn: (namespace: string) => readonly NetworkPolicy[]
  readonly all: PolicyIndex
  readonly foreignOnly: PolicyIndex
  /** As `all`, with only Tierwall's own policies in this one namespace. */
  readonly onlyOursIn: (namespace: string) => PolicyIndex
}

export function isOurs({ metadata }: NetworkPolicy): boolean {
  return metadata.labels[written.managedByLabel] === written.manager
}

export function gatherPolicies({ namespaces, snapshot }: Decision): Policies {
  const enforced = new Map(
    namespaces.filter(({ intent }) => intent.isolation === 'enforce').map(entry => [entry.namespace, entry]),
  )
  const live = Map.groupBy(snapshot.networkPolicies, ({ metadata }) => metadata.namespace ?? '')
  const onceEach = <A>(answer: (namespace: string) => A) => remember(answer, namespace => namespace)
  const foreignIn = onceEach(namespace => {
    const ours = new Set((enforced.get(namespace)?.policies ?? []).map(({ policy }) => policy.metadata.name))
    return (live.get(namespace) ?? []).filter(policy => !isOurs(policy) && !ours.has(policy.metadata.name))
  })
  const oursIn = onceEach(namespace => (enforced.get(namespace)?.policies ?? []).map(({ policy }) => readBack(policy)))
  const ours = onceEach(namespace => searchPolicies(oursIn(namespace)))
  const foreign = onceEach(namespace => searchPolicies(foreignIn(namespace)))
  const both =
    (namespace: string): PolicySearch =>
    labels => [...ours(namespace)(labels), ...foreign(namespace)(labels)]
  return {
    enforced,
    foreignIn,
    all: indexLazily(both),
    foreignOnly: indexLazily(foreign),
    onlyOursIn: namespace => indexLazily(other => (other === namespace ? ours : both)(other)),
  }
}

/** By the way that the API server's answers take, so that nothing is judged that was not written. */
function readBack(policy: WirePolicy): NetworkPolicy {
  const read = readerOf(policy.apiVersion, policy.kind)?.(policy)
  if (!read?.success || read.data.is !== 'networkPolicy')
    throw new Error(`the policy ${policy.metadata.name} cannot be read back: ${read?.error?.message ?? 'no reader'}`)
  return read.data.object
}

/** Asks only the policies that select the pod, and each pod once: a namespace may have thousands of both. */
function indexLazily(policiesIn: (namespace: string) => PolicySearch): PolicyIndex {
  const known = new WeakMap<PodEnd, Readonly<Record<Direction, Isolation>>>()
  const isolate = (pod: PodEnd) => {
    const found = policiesIn(pod.namespace)(pod.labels)
    const inDirection = (direction: Direction): Isolation => {
      const isolations = found.map(one => one.isolationOf(pod, direction))
      return { policies: isolations.flatMap(one => one.policies), rules: isolations.flatMap(one => one.rules) }
    }
    return { egress: inDirection('egress'), ingress: inDirection('ingress') }
  }
  return {
    isolationOf: (end, direction) => {
      if (end.is !== 'pod') return { policies: [], rules: [] }
      const isolation = known.get(end) ?? isolate(end)
      known.set(end, isolation)
      return isolation[direction]
    },
  }
}

type Isolation = ReturnType<PolicyIndex['isolationOf']>
type PolicySearch = (labels: Labels) => readonly PolicyIndex[]

function searchPolicies(policies: readonly NetworkPolicy[]): PolicySearch {
  const read = new Map<NetworkPolicy, PolicyIndex>()
  const selecting = indexSelectors(policies, ({ spec }) => spec.podSelector)
  return labels =>
    selecting(labels).map(policy => {
      const index = read.get(policy) ?? indexPolicies([policy])
      read.set(policy, index)
      return index
    })
}
