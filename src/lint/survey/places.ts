/** The namespaces of the input, what is known of their labels, and which of them a selector may mean. */
import { namespaceNameLabel } from '../../api/annotations.ts'
import type { LabelSelector } from '../../api/kubernetes.ts'
import type { Decision } from '../../engine.ts'
import { readSelector } from '../../evaluate/index.ts'
import { namespaceLabels } from '../../intent/snapshot.ts'
import { gatherVocabulary, type Vocabulary } from './near-labels.ts'
import type { PodGroup } from './pods.ts'
import { remember } from './remember.ts'

export interface Places {
  readonly names: ReadonlySet<string>
  readonly mayMean: (selector: LabelSelector) => readonly string[]
  readonly namespaceVocabulary: () => Vocabulary
}

export function gatherPlaces({ snapshot, graph }: Decision, pods: readonly PodGroup[]): Places {
  const names = new Set([
    ...snapshot.namespaces.keys(),
    ...pods.map(({ ref }) => ref.namespace),
    ...graph.members.map(({ key }) => key.namespace),
  ])
  const labelled = [...names].map(name => ({
    name,
    labels: namespaceLabels(snapshot, name),
    isKnown: snapshot.namespaces.has(name),
  }))
  const mayMean = (selector: LabelSelector) => {
    const matches = readSelector(selector)
    // Without a Namespace object only the label that Kubernetes itself gives is known.
    const mayMatch = readSelector(termsOnName(selector))
    return labelled.filter(({ labels, isKnown }) => (isKnown ? matches : mayMatch)(labels)).map(({ name }) => name)
  }
  return {
    names,
    mayMean: remember(mayMean, selector => JSON.stringify(selector)),
    namespaceVocabulary: remember(
      () => gatherVocabulary(labelled.map(({ labels }) => labels)),
      () => '',
    ),
  }
}

function termsOnName({ matchLabels = {}, matchExpressions = [] }: LabelSelector): LabelSelector {
  return {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).filter(([key]) => key === namespaceNameLabel)),
    matchExpressions: matchExpressions.filter(({ key }) => key === namespaceNameLabel),
  }
}

/** Where a selector can mean these namespaces only, because it asks for their names. */
export function namesAskedFor({
  matchLabels = {},
  matchExpressions = [],
}: LabelSelector): readonly string[] | undefined {
  if (Object.hasOwn(matchLabels, namespaceNameLabel)) return [matchLabels[namespaceNameLabel] ?? '']
  return matchExpressions.find(({ key, operator }) => key === namespaceNameLabel && operator === 'In')?.values
}
