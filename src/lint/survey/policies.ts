/** The policies that will hold once Tierwall has written its own, and what they would be without everyone else's. */
import { written } from '../../api/annotations.ts'
import { type NetworkPolicy, readerOf } from '../../api/kubernetes.ts'
import type { Decision } from '../../engine.ts'
import { indexPolicies, type PolicyIndex } from '../../evaluate/index.ts'
import type { NamespacePolicies } from '../../policy/index.ts'
import type { WirePolicy } from '../../policy/wire.ts'
import { remember } from './remember.ts'

export interface Policies {
  /** Namespaces where Tierwall's policies will be. */
  readonly enforced: ReadonlyMap<string, NamespacePolicies>
  /** Policies of the input in a namespace that are not Tierwall's and that it will not write over. */
  readonly foreignIn: (namespace: string) => readonly NetworkPolicy[]
  readonly inNamespace: (namespace: string) => readonly NetworkPolicy[]
  readonly all: PolicyIndex
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
  const inNamespace = (namespace: string) => [...oursIn(namespace), ...foreignIn(namespace)]
  const withForeign = onceEach(namespace => indexPolicies(inNamespace(namespace)))
  const withoutForeign = onceEach(namespace => indexPolicies(oursIn(namespace)))
  return {
    enforced,
    foreignIn,
    inNamespace,
    all: indexLazily(withForeign),
    onlyOursIn: namespace =>
      indexLazily(other => (other === namespace ? withoutForeign(namespace) : withForeign(other))),
  }
}

/** By the way that the API server's answers take, so that nothing is judged that was not written. */
function readBack(policy: WirePolicy): NetworkPolicy {
  const read = readerOf(policy.apiVersion, policy.kind)?.(policy)
  if (!read?.success || read.data.is !== 'networkPolicy')
    throw new Error(`the policy ${policy.metadata.name} cannot be read back: ${read?.error?.message ?? 'no reader'}`)
  return read.data.object
}

const nowhere = indexPolicies([])

/** Reads a namespace's policies when the first of its pods is asked about. */
function indexLazily(indexOf: (namespace: string) => PolicyIndex): PolicyIndex {
  return {
    isolationOf: (end, direction) => (end.is === 'pod' ? indexOf(end.namespace) : nowhere).isolationOf(end, direction),
  }
}
