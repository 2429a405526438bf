/**
 * Desired against live → steps in three rounds that never cut what stays intended and never open what is not.
 *
 * Close takes away what nobody desires any more: every side of every flow can only shrink. Open adds what is desired:
 * every side can only grow. So no flow is open on the way that is shut before and after, as long as all namespaces close
 * before any of them opens. Tidy takes away what was kept until somebody else had granted it. A change that can meet no
 * other is spared the extra rounds.
 */
import { compareText } from '../api/order.ts'
import { sharedNames } from '../policy/name.ts'
import type { WirePolicy } from '../policy/wire.ts'
import { arrive } from './arrive.ts'
import { type Change, gatherChanges, type Held } from './changes.ts'
import { type Course, samePolicy, type Version } from './course.ts'
import { type Direction, type Grant, readSelector, type SpecLike } from './grants.ts'
import { leave } from './leave.ts'
import { settle } from './settle.ts'
import type { Isolator } from './split.ts'
import type { LivePolicy, NamespaceState } from './state.ts'

export { samePolicy } from './course.ts'
export { sameOnWire, sameSpec } from './spec.ts'
export type { LivePolicy, NamespaceState, SpecLike }

/** In one round and one namespace, those of lower rank come first; those of one rank in any order, or at the same time. */
export type Step =
  | {
      readonly verb: 'create' | 'replace'
      readonly namespace: string
      readonly name: string
      readonly policy: WirePolicy
      readonly rank: number
    }
  | { readonly verb: 'delete'; readonly namespace: string; readonly name: string; readonly rank: number }

export interface Plan {
  readonly close: readonly Step[]
  readonly open: readonly Step[]
  readonly tidy: readonly Step[]
}

export function makePlan(states: readonly NamespaceState[]): Plan {
  const namespaces = states.map(state => ({ state, changes: gatherChanges(state) }))
  const gains = namespaces.flatMap(({ state, changes }) => gainsOf(state, changes))
  const courses = eachOnce(namespaces.flatMap(({ state, changes }) => coursesOf(state, changes, gains)))
  const stepsTo = (round: keyof Plan, before: (course: Course) => Version) =>
    courses
      .flatMap(course => stepOf(course, before(course), course[round]))
      .sort((a, b) => compareText(a.namespace, b.namespace) || a.rank - b.rank || compareText(a.name, b.name))
  return {
    close: stepsTo('close', ({ live }) => live && 'live'),
    open: stepsTo('open', ({ close }) => close),
    tidy: stepsTo('tidy', ({ open }) => open),
  }
}

/** Two reasons for the same bridge make one: its name says all that is in it. */
function eachOnce(courses: readonly Course[]): Course[] {
  return [...new Map(courses.map(course => [`${course.namespace}/${course.name}`, course])).values()]
}

function coursesOf(state: NamespaceState, changes: readonly Change[], gains: readonly Held[]): Course[] {
  const foreign = state.foreign.flatMap(isolatorOf)
  if (state.desired.length === 0) return leave(changes, foreign)
  if (state.live.some(({ name }) => name === sharedNames.deny)) return settle(changes, gains)
  return arrive(changes, [...foreign, ...state.live.flatMap(({ spec }) => isolatorOf(spec))], gains)
}

/** Kubernetes' default for the directions: ingress always, egress where there are rules for it. */
function isolatorOf(spec: SpecLike): Isolator[] {
  const types = spec.policyTypes ?? []
  const directions: Direction[] = []
  if (types.length === 0 || types.includes('Ingress')) directions.push('ingress')
  if (types.length === 0 ? (spec.egress ?? []).length > 0 : types.includes('Egress')) directions.push('egress')
  return [{ pods: readSelector(spec.podSelector), directions }]
}

/** Where Tierwall leaves a namespace, its pods may gain anything. */
function gainsOf({ namespace, desired, live }: NamespaceState, changes: readonly Change[]): Held[] {
  if (desired.length > 0)
    return changes.flatMap(change =>
      change.desired && change.gained.length > 0 ? [{ ...change.desired, grants: change.gained }] : [],
    )
  const anything = (direction: Grant['direction']): Grant => ({ direction, peer: { is: 'anyone' }, ports: 'all' })
  return live.length > 0 ? [{ namespace, pods: {}, grants: [anything('ingress'), anything('egress')] }] : []
}

/** Written: bridges, tiers, allow-dns, default-deny. Then removed: default-deny, allow-dns, the others. */
function stepOf({ namespace, name, live, rank }: Course, before: Version, after: Version): Step[] {
  if (after === undefined) return before === undefined ? [] : [{ verb: 'delete', namespace, name, rank: 20 - rank }]
  if (after === 'live') return []
  if (before === undefined) return [{ verb: 'create', namespace, name, policy: after, rank }]
  const was = before === 'live' ? live : { ...before.metadata, spec: before.spec }
  return was && samePolicy(was, after) ? [] : [{ verb: 'replace', namespace, name, policy: after, rank }]
}
