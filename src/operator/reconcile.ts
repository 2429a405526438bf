/** Namespaces with news → their outlook, a plan, its steps taken, and what is to be told of it. */
import type { Outcome } from '../cluster/index.ts'
import { type Outlook, takeOutlook } from '../live/outlook.ts'
import { makePlan, type NamespaceState, type Plan, samePolicy } from '../plan/index.ts'
import type { Adopt } from './adopt.ts'
import type { Apply, Miss } from './apply.ts'
import type { RunBatch } from './batches.ts'
import type { Fights } from './fights.ts'
import { createOccupied } from './occupied.ts'
import type { World } from './world.ts'

export interface ReconcileOptions {
  readonly world: World
  readonly apply: Apply
  readonly adopt: Adopt
  readonly fights: Fights
  readonly mayWrite: () => boolean
  readonly report: (round: Round) => void
  readonly requeue: (namespace: string) => void
}

/** One batch, when all that could be written has been. */
export interface Round {
  readonly outlook: Outlook
  readonly misses: ReadonlyMap<string, Miss>
  /** By namespace: policies that somebody else keeps writing over. */
  readonly fought: ReadonlyMap<string, readonly string[]>
}

const shortly: Outcome = { is: 'again', after: 20 }

export function createReconcile(options: ReconcileOptions): RunBatch {
  const { world, mayWrite, requeue } = options
  const occupied = createOccupied()
  return async (namespaces, onClosed) => {
    // Whoever leads no more is about to end; the next one takes all of it up.
    if (!mayWrite()) return new Map(namespaces.map(namespace => [namespace, { is: 'again', after: 1_000 }]))
    const targets = world.takeTargets(namespaces)
    const entered = occupied.enter(targets)
    // Whoever need not wait decides in the same moment: what came together is decided together.
    const leave = entered instanceof Promise ? await entered : entered
    try {
      const outcomes = await settle(targets, onClosed, options)
      for (const namespace of outcomes.keys()) if (!namespaces.includes(namespace)) requeue(namespace)
      return outcomes
    } finally {
      leave()
    }
  }
}

async function settle(
  targets: readonly string[],
  onClosed: () => void,
  { world, apply, adopt, fights, report }: ReconcileOptions,
): Promise<ReadonlyMap<string, Outcome>> {
  const outlook = takeOutlook(world.view(), targets)
  const touched = outlook.targets.filter(({ untouched }) => !untouched)
  const fought = new Map(touched.map(({ namespace }) => [namespace, fights.leftIn(namespace)]))
  const states = touched.map(({ namespace, state }) => withoutFought(state, fought.get(namespace) ?? []))
  const changed = states.filter(isUnsettled)
  const plan = makePlan(changed)
  const applied = await apply(plan, onClosed)
  const misses = new Map([...applied.misses, ...(await adopt(touched))])
  noteRepairs(plan, misses, fights)
  report({ outlook, misses, fought })
  const outdated = applied.givenUp ? changed.map(({ namespace }) => namespace) : []
  const outcomes = new Map<string, Outcome>(outdated.map(namespace => [namespace, shortly]))
  for (const [namespace, { is }] of misses) outcomes.set(namespace, is === 'failed' ? { is: 'failed' } : shortly)
  for (const [namespace, names] of fought) {
    const until = Math.max(...names.flatMap(name => fights.leftFor(namespace, name) ?? []))
    if (names.length > 0 && !outcomes.has(namespace)) outcomes.set(namespace, { is: 'again', after: until })
  }
  return outcomes
}

function isUnsettled({ live, desired }: NamespaceState): boolean {
  const byName = new Map(live.map(policy => [policy.name, policy]))
  return (
    live.length !== desired.length ||
    desired.some(policy => {
      const there = byName.get(policy.metadata.name)
      return there === undefined || !samePolicy(there, policy)
    })
  )
}

/** They count as somebody else's as long as they are left alone. */
function withoutFought(state: NamespaceState, names: readonly string[]): NamespaceState {
  if (names.length === 0) return state
  const isFought = ({ name }: { readonly name: string }) => names.includes(name)
  return {
    ...state,
    live: state.live.filter(policy => !isFought(policy)),
    foreign: [...state.foreign, ...state.live.filter(isFought).map(({ spec }) => spec)],
    desired: state.desired.filter(({ metadata }) => !isFought(metadata)),
  }
}

/** What stands at the end of a plan is what counts, not what stood in for it on the way. */
function noteRepairs({ close, open, tidy }: Plan, misses: ReadonlyMap<string, Miss>, fights: Fights): void {
  const last = new Map([...close, ...open, ...tidy].map(step => [`${step.namespace}/${step.name}`, step]))
  for (const step of last.values()) if (!misses.has(step.namespace)) fights.note(step)
}
