/** A plan's steps taken together: what becomes of each policy, from what stands to what is desired. */
import { compareText } from '../../api/order.ts'
import { writeName } from '../../api/source.ts'
import type { SpecLike } from '../../plan/grants.ts'
import { type LivePolicy, type NamespaceState, type Plan, samePolicy } from '../../plan/index.ts'
import { sameSpec } from '../../plan/spec.ts'
import type { WirePolicy } from '../../policy/wire.ts'

export type PolicyChange = { readonly namespace: string; readonly name: string } & (
  | { readonly verb: 'create'; readonly after: WirePolicy }
  | { readonly verb: 'change'; readonly before: LivePolicy; readonly after: WirePolicy }
  | { readonly verb: 'delete'; readonly before: LivePolicy }
  /** Somebody else's that says what is desired: it becomes Tierwall's. */
  | { readonly verb: 'adopt'; readonly after: WirePolicy }
)

/** In the order in which the plan gets there. Policies that stand only on the way are the plan's to tell. */
export function gatherChanges(states: readonly NamespaceState[], plan: Plan): readonly PolicyChange[] {
  const last = new Map([...plan.close, ...plan.open, ...plan.tidy].map((step, place) => [writeName(step), place]))
  return states
    .flatMap(changesOf)
    .sort((a, b) => compareText(a.namespace, b.namespace) || placeOf(a, last) - placeOf(b, last))
}

const placeOf = (change: PolicyChange, places: ReadonlyMap<string, number>) => places.get(writeName(change)) ?? 0

function changesOf({ namespace, live, desired }: NamespaceState): PolicyChange[] {
  const now = new Map(live.map(policy => [policy.name, policy]))
  const then = new Map(desired.map(policy => [policy.metadata.name, policy]))
  return [...new Set([...now.keys(), ...then.keys()])].flatMap((name): PolicyChange[] => {
    const [before, after] = [now.get(name), then.get(name)]
    if (!after) return before ? [{ verb: 'delete', namespace, name, before }] : []
    if (!before) return [{ verb: 'create', namespace, name, after }]
    return samePolicy(before, after) ? [] : [{ verb: 'change', namespace, name, before, after }]
  })
}

export interface ChangeParts {
  readonly before: SpecLike | undefined
  readonly after: SpecLike | undefined
  /** Keys of labels and annotations that get another value: the spec may stay as it is. */
  readonly words: readonly string[]
}

export function partsOf(change: PolicyChange): ChangeParts {
  switch (change.verb) {
    case 'create':
      return { before: undefined, after: change.after.spec, words: [] }
    case 'delete':
      return { before: change.before.spec, after: undefined, words: [] }
    case 'adopt':
      return { before: undefined, after: undefined, words: [] }
    case 'change': {
      const { before, after } = change
      const { labels, annotations } = after.metadata
      const words = [...changedKeys(before.labels, labels), ...changedKeys(before.annotations, annotations)]
      const same = sameSpec(before.spec, after.spec)
      return { before: same ? undefined : before.spec, after: same ? undefined : after.spec, words }
    }
  }
}

type Texts = Readonly<Record<string, string>>

function changedKeys(before: Texts, after: Texts): string[] {
  return Object.keys(after).filter(key => !Object.hasOwn(before, key) || before[key] !== after[key])
}

export type ChangeCount = Readonly<Record<PolicyChange['verb'], number>>

export function countChanges(changes: readonly PolicyChange[]): ChangeCount {
  const count = { create: 0, change: 0, delete: 0, adopt: 0 }
  for (const { verb } of changes) count[verb]++
  return count
}

/** `2 to create, 1 to change` */
export function writeCount(count: ChangeCount): string {
  const parts = (['create', 'change', 'delete', 'adopt'] as const).filter(verb => count[verb] > 0)
  return parts.map(verb => `${count[verb]} to ${verb}`).join(', ') || 'no changes'
}
