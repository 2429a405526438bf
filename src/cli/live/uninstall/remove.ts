/** Removes every policy that Tierwall wrote, round by round, and looks again until there is none. */
import { writeName } from '../../../api/source.ts'
import { createLog, createWriter, type Failure, type Send } from '../../../cluster/index.ts'
import { fieldManager, type SeenPolicy } from '../../../live/seen-policy.ts'
import { createApply, type Miss } from '../../../operator/apply.ts'
import type { Plan } from '../../../plan/index.ts'
import { listPolicies, planRemoval } from './list.ts'

export interface Removal {
  readonly send: Send
  readonly namespace: string | undefined
  readonly policies: readonly SeenPolicy[]
  /** Monotonic. */
  readonly mayWriteUntil: () => number
  readonly onRemoved: (policy: SeenPolicy) => void
  /** Stands for others on the way, and goes as well. */
  readonly onBridge: (policy: SeenPolicy) => void
}

export type Removed =
  | {
      readonly is: 'done'
      /** What finalizers still keep. */
      readonly waiting: readonly SeenPolicy[]
      /** By namespace: what could not be removed there. */
      readonly missed: ReadonlyMap<string, Miss>
    }
  /** Nothing may be written any more. */
  | { readonly is: 'late' }
  | { readonly is: 'failed'; readonly failure: Failure }
  /** Somebody else kept writing them. */
  | { readonly is: 'never-done' }

const concurrency = 8
/** Somebody may write a policy between a look and a delete. */
const mostLooks = 5

/** One namespace that resists does not stop the others. */
export async function removeAll(removal: Removal): Promise<Removed> {
  let { policies } = removal
  const missed = new Map<string, Miss>()
  for (let looks = 0; looks < mostLooks; looks++) {
    const plan = planRemoval(policies.filter(({ namespace }) => !missed.has(namespace)))
    if (isEmpty(plan)) return { is: 'done', missed, waiting: policies.filter(isGoing) }
    const misses = await takeRounds(plan, policies, removal)
    for (const [namespace, miss] of misses) {
      if (miss.is === 'late') return { is: 'late' }
      if (miss.is === 'failed') missed.set(namespace, miss)
    }
    const listed = await listPolicies(removal.send, removal.namespace)
    if ('failure' in listed) return { is: 'failed', failure: listed.failure }
    policies = listed.policies
  }
  return { is: 'never-done' }
}

function isGoing({ ours, terminating }: SeenPolicy): boolean {
  return ours && terminating
}

async function takeRounds(
  plan: Plan,
  policies: readonly SeenPolicy[],
  { send, mayWriteUntil, onRemoved, onBridge }: Removal,
): Promise<ReadonlyMap<string, Miss>> {
  const known = new Map(policies.map(policy => [writeName(policy), policy]))
  const bridges = new Set<string>()
  const apply = createApply({
    writer: createWriter({ send, fieldManager }),
    log: createLog('silent'),
    concurrency,
    mayWriteUntil,
    find: (namespace, name) => known.get(writeName({ namespace, name })),
    onWritten(policy) {
      known.set(writeName(policy), policy)
      bridges.add(policy.uid)
      onBridge(policy)
    },
    onDeleted(policy) {
      known.delete(writeName(policy))
      if (!bridges.has(policy.uid)) onRemoved(policy)
    },
  })
  return (await apply(plan, () => {})).misses
}

export function isEmpty({ close, open, tidy }: Plan): boolean {
  return close.length + open.length + tidy.length === 0
}
