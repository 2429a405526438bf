/** The states that a write must answer to, each as the policies that may rightly be in force for it. */
import type { NetworkPolicy } from '../../../src/api/kubernetes.ts'
import { indexPolicies, type PolicyIndex } from '../../../src/evaluate/index.ts'
import type { Decide } from './decided.ts'
import type { Inputs } from './history.ts'
import type { InputObject } from './inputs.ts'
import { type NamespaceLabels, placePods } from './pods.ts'
import { choicesAt, type InputState, type Span } from './timeline.ts'

export interface Intent {
  readonly index: PolicyIndex
  readonly place: ReturnType<typeof placePods>
  readonly revision: number
  readonly note: string
}

export function readIntents(states: readonly InputState[], span: Span, decide: Decide): readonly Intent[] {
  const { last, now } = span
  const spanned = states.slice(last.state, now + 1)
  const intents = spanned.flatMap(({ inputs, revision, what }, index) => {
    const policies = policiesFor(last.state + index, states, span, decide)
    const labelsOf = readLabels(inputs)
    return policies.map(({ ours, note }) => ({ ours, foreign: inputs.foreign, labelsOf, revision, note: what + note }))
  })
  return intents.map(({ ours, foreign, labelsOf, revision, note }) => ({
    index: indexPolicies([...ours, ...foreign.values()]),
    place: placePods(labelsOf),
    revision,
    note,
  }))
}

interface Wanted {
  readonly ours: readonly NetworkPolicy[]
  readonly note: string
}

function policiesFor(state: number, states: readonly InputState[], span: Span, decide: Decide): readonly Wanted[] {
  const { last } = span
  if (state === last.state && last.isReached) return [{ ours: [...last.ours.values()], note: ', settled' }]
  const removed = removedSince(states.slice(last.state, state + 1))
  // The longer ago something went, the sooner it is gone for good.
  const lingering = Array.from({ length: removed.length + 1 }, (_, count) => removed.slice(removed.length - count))
  const wanted = lingering.flatMap(still =>
    choicesAt(state, states, span, decide, new Map(still)).map(({ desired, note }): [string, Wanted] => {
      const lingers = still.length === 0 ? '' : `, while ${still.map(([key]) => key).join(', ')} may come back`
      const ours = [...desired.values()]
      return [JSON.stringify(ours), { ours, note: lingers + note }]
    }),
  )
  return [...new Map(wanted.toReversed()).values()].toReversed()
}

/** Nothing is taken away at once when its object goes, since it may be made anew. Sorted by when they went. */
function removedSince(states: readonly InputState[]): readonly (readonly [string, InputObject])[] {
  const gone = new Map<string, InputObject>()
  let before: Inputs['objects'] = new Map()
  for (const { inputs } of states) {
    for (const [key, object] of before)
      if (!inputs.objects.has(key) && mayComeBack(object, inputs)) gone.set(key, object)
    for (const [key, { namespace }] of gone)
      if (inputs.objects.has(key) || !isThere(namespace, inputs)) gone.delete(key)
    before = inputs.objects
  }
  return [...gone]
}

function mayComeBack({ entry, namespace }: InputObject, inputs: Inputs): boolean {
  return (entry.is === 'workload' || entry.is === 'appTier') && isThere(namespace, inputs)
}

export function isThere(namespace: string, { objects, terminating }: Inputs): boolean {
  return objects.has(`Namespace /${namespace}`) && !terminating.has(namespace)
}

export function readLabels({ objects }: Inputs): NamespaceLabels {
  return namespace => objects.get(`Namespace /${namespace}`)?.entry.object.metadata.labels ?? {}
}
