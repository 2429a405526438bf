/** A view of the cluster → what is to become of some of its namespaces, as states that a plan is made from. Pure. */
import type { Problem } from '../api/problem.ts'
import { writeRef } from '../api/source.ts'
import { type Decision, decide, sortProblems } from '../engine.ts'
import { refOf } from '../intent/snapshot.ts'
import type { NamespaceState } from '../plan/index.ts'
import type { NamespacePolicies } from '../policy/index.ts'
import { type Claim, claim } from './claim.ts'
import { keptPolicies } from './kept.ts'
import { brokenIn, type LastGood, readLastGood, rememberAppTiers, restore } from './last-good.ts'
import type { SeenPolicy } from './seen-policy.ts'
import type { NamespaceView, View } from './view.ts'

export interface Outlook {
  /** Of the targets and their neighbours; what counts is what it says of the targets. */
  readonly decision: Decision
  /** What is wrong with what stands there now, also where something older is in force. */
  readonly problems: readonly Problem[]
  readonly targets: readonly TargetOutlook[]
}

export interface TargetOutlook extends Claim {
  readonly namespace: string
  /** Nothing is written or taken away there: it is unknown yet, going away, or its isolation cannot be read. */
  readonly untouched: boolean
  readonly state: NamespaceState
  /** Objects, by `writeRef`, whose last good words are in force instead of what they say now. */
  readonly restored: ReadonlySet<string>
  /** Policies of ours that stay as they are since what they were made from is broken. */
  readonly kept: readonly string[]
}

export function takeOutlook(view: View, targets: readonly string[]): Outlook {
  const wanted = new Set(targets)
  const names = new Set(targets)
  for (const target of targets) for (const neighbour of view.namespace(target).neighbours) names.add(neighbour)
  const namespaces = [...names].sort().map(view.namespace)
  const { decision, first, restored, broken } = decideSafely(view, namespaces)
  const byName = new Map(decision.namespaces.map(policies => [policies.namespace, policies]))
  return {
    decision,
    problems: problemsOf(first, decision, namespaces, restored),
    targets: namespaces
      .filter(({ name }) => wanted.has(name))
      .map(namespace => takeTarget(namespace, byName.get(namespace.name), { view, decision, restored, broken })),
  }
}

interface Decided {
  readonly decision: Decision
  /** By what stands there now. */
  readonly first: Decision
  readonly restored: ReadonlySet<string>
  readonly broken: ReadonlySet<string>
}

/** Twice where something is broken: once as it is, and once with what was last good in its place. */
function decideSafely(view: View, namespaces: readonly NamespaceView[]): Decided {
  const { shared, configuration, servesAppTiers } = view
  const seen = namespaces.flatMap(({ self, objects }) => (self ? [self, ...objects] : objects))
  const lastGood = memoize(() => readLastGood(namespaces.flatMap(({ policies }) => policies)))
  const remembered = servesAppTiers
    ? []
    : rememberAppTiers(seen, lastGood()).map(object => ({ is: 'appTier', object }) as const)
  const known = new Set(seen.map(({ ref }) => writeRef(ref)))
  const others = [...shared.filter(({ object }) => !known.has(writeRef(refOf(object)))), ...remembered]
  const first = decide([...seen.flatMap(({ object }) => object ?? []), ...others], configuration)
  const broken = brokenIn(first, seen)
  if (broken.size === 0) return { decision: first, first, restored: new Set(), broken }
  const former = restore(seen, broken, lastGood())
  if (!former) return { decision: first, first, restored: new Set(), broken }
  const decision = decide([...former.objects, ...others], configuration)
  return { decision, first, restored: former.restored, broken: brokenIn(decision, seen) }
}

function memoize(make: () => LastGood): () => LastGood {
  let made: LastGood | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** What is broken is told as it stands; everything else as it is with what was last good. */
function problemsOf(
  first: Decision,
  decision: Decision,
  namespaces: readonly NamespaceView[],
  restored: ReadonlySet<string>,
): readonly Problem[] {
  const unreadable = namespaces.flatMap(({ objects }) => objects.flatMap(({ problems }) => problems))
  if (restored.size === 0) return sortProblems([...unreadable, ...first.problems])
  const isBroken = ({ source }: Problem) => source.said === 'object' && restored.has(writeRef(source.object))
  return sortProblems([
    ...unreadable,
    ...first.problems.filter(isBroken),
    ...decision.problems.filter(problem => !isBroken(problem)),
  ])
}

interface Context extends Omit<Decided, 'first'> {
  readonly view: View
}

function takeTarget(
  namespace: NamespaceView,
  policies: NamespacePolicies | undefined,
  { view, decision, restored, broken }: Context,
): TargetOutlook {
  const { name, self, policies: seen } = namespace
  const intent = decision.intent.isolationOf(name)
  const untouched = self === undefined || self.terminating || intent.isolation === 'broken'
  const wanted = intent.isolation === 'enforce' ? (policies?.policies ?? []).map(({ policy }) => policy) : []
  const claimed = claim(wanted, seen, view.adopt)
  const kept = intent.isolation === 'enforce' ? keptPolicies(namespace, claimed.desired, { broken, view }) : []
  const isKept = ({ name }: SeenPolicy) => kept.includes(name)
  return {
    ...claimed,
    namespace: name,
    untouched,
    restored,
    kept,
    state: {
      namespace: name,
      live: seen.filter(policy => policy.ours && !isKept(policy)),
      foreign: seen.filter(policy => !policy.ours || isKept(policy)).map(({ spec }) => spec),
      desired: claimed.desired,
    },
  }
}
