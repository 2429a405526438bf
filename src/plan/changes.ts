/** One policy name's way from live to desired: what it loses, what it gains, and what it must hold for others meanwhile. */
import { namespaceNameLabel } from '../api/annotations.ts'
import type { LabelSelector } from '../api/kubernetes.ts'
import { impliesSelector, selectorsMeet } from '../api/selector.ts'
import type { WirePolicy } from '../policy/wire.ts'
import { bothSelectors, commonGrant, coversGrant, portsMeet } from './compare.ts'
import { type Grant, type Peer, readGrants, readSelector } from './grants.ts'
import { sameSpec } from './spec.ts'
import type { LivePolicy, NamespaceState } from './state.ts'

/** What some pods may do, by one policy. */
export interface Held {
  readonly namespace: string
  readonly pods: LabelSelector
  readonly grants: readonly Grant[]
}

export interface Change {
  readonly namespace: string
  readonly name: string
  readonly live: Live | undefined
  readonly desired: Desired | undefined
  /** Of the live grants, what some desired policy grants all these pods as well. */
  readonly kept: readonly Grant[]
  /** Of those, what no policy grants that stays as it is: without this one they would be cut until another comes. */
  readonly needed: readonly Grant[]
  /** Of the live grants, what a desired policy grants only some of these pods. */
  readonly partly: readonly Held[]
  /** Live grants that are not kept whole. */
  readonly lost: readonly Grant[]
  /** Desired grants that no live policy gives these pods. */
  readonly gained: readonly Grant[]
}

export function gatherChanges({ namespace, live, desired }: NamespaceState): Change[] {
  const now = new Map(live.map(policy => [policy.name, holdsLive(namespace, policy)]))
  const then = new Map(desired.map(policy => [policy.metadata.name, holdsDesired(namespace, policy)]))
  const isUnchanged = (name: string) => {
    const [was, wants] = [now.get(name), then.get(name)]
    return was !== undefined && wants !== undefined && sameSpec(was.spec, wants.policy.spec)
  }
  const unchanged = new Set([...now.keys()].filter(isUnchanged))
  const allNow = [...now.values()]
  const allThen = [...then.values()]
  const removed = desired.length === 0
  const staying = allThen.filter(({ policy }) => unchanged.has(policy.metadata.name))
  return [...new Set([...now.keys(), ...then.keys()])].sort().map((name): Change => {
    const [was, wants] = [now.get(name), then.get(name)]
    // Most of them: what it grants is granted by itself, before and after.
    if (was && unchanged.has(name))
      return {
        namespace,
        name,
        live: was,
        desired: wants,
        kept: was.grants,
        needed: [],
        partly: [],
        lost: [],
        gained: [],
      }
    const kept = was ? (removed ? was.grants : was.grants.flatMap(grant => keepOf(grant, was.pods, allThen))) : []
    const isKept = (grant: Grant) => kept.some(other => coversGrant(other, grant))
    return {
      namespace,
      name,
      live: was,
      desired: wants,
      kept,
      needed: was ? kept.filter(notGivenBy(staying, was.pods)) : [],
      partly: was && !removed ? partsOf(was, allThen, isKept) : [],
      lost: was ? was.grants.filter(grant => !isKept(grant)) : [],
      gained: wants ? wants.grants.filter(notGivenBy(allNow, wants.pods)) : [],
    }
  })
}

type Live = LivePolicy & Held
type Desired = Held & { readonly policy: WirePolicy }

const holdsLive = remembering(
  (namespace, policy: LivePolicy): Live => ({
    ...policy,
    ...holdsIn(namespace, policy.spec),
  }),
)

const holdsDesired = remembering(
  (namespace, policy: WirePolicy): Desired => ({
    policy,
    ...holdsIn(namespace, policy.spec),
  }),
)

/** Policies are never changed, and are looked at again whenever another of their namespace changes. */
function remembering<P extends object, H extends Held>(read: (namespace: string, policy: P) => H) {
  const known = new WeakMap<P, H>()
  return (namespace: string, policy: P): H => {
    const former = known.get(policy)
    if (former?.namespace === namespace) return former
    const held = read(namespace, policy)
    known.set(policy, held)
    return held
  }
}

function holdsIn(namespace: string, spec: LivePolicy['spec']): Held {
  return { namespace, pods: readSelector(spec.podSelector), grants: readGrants(spec, namespace) }
}

/** None of them grants it to all these pods. */
function notGivenBy(all: readonly Held[], pods: LabelSelector): (grant: Grant) => boolean {
  const given = all.filter(held => impliesSelector(pods, held.pods)).flatMap(({ grants }) => grants)
  return grant => !given.some(other => coversGrant(other, grant))
}

/** The grant whole where it stays desired, else what it has in common with each that is. */
function keepOf(grant: Grant, pods: LabelSelector, desired: readonly Held[]): Grant[] {
  const others = desired.filter(held => impliesSelector(pods, held.pods)).flatMap(({ grants }) => grants)
  if (others.some(other => coversGrant(other, grant))) return [grant]
  return others.flatMap(other => commonGrant(grant, other) ?? [])
}

function partsOf(was: Held, desired: readonly Held[], isKept: (grant: Grant) => boolean): Held[] {
  return desired
    .filter(({ pods }) => selectorsMeet(was.pods, pods) && !impliesSelector(was.pods, pods))
    .map(
      ({ pods, grants }): Held => ({
        namespace: was.namespace,
        pods: bothSelectors(was.pods, pods),
        grants: was.grants
          .flatMap(grant => grants.flatMap(other => commonGrant(grant, other) ?? []))
          .filter(grant => !isKept(grant)),
      }),
    )
    .filter(({ grants }) => grants.length > 0)
}

/** Some flow may use both: a way out here and a way in there. In doubt, it may. */
export function mayMeet(a: Held, b: Held): boolean {
  return a.grants.some(one =>
    b.grants.some(
      other =>
        one.direction !== other.direction &&
        portsMeet(one.ports, other.ports) &&
        mayBe(one.peer, b) &&
        mayBe(other.peer, a),
    ),
  )
}

/** Labels of a namespace other than its name are not looked at, and a range may hold pods. */
function mayBe(peer: Peer, { namespace, pods }: Held): boolean {
  if (peer.is !== 'pods') return true
  const byName = peer.namespaces.matchLabels?.[namespaceNameLabel]
  return (byName === undefined || byName === namespace) && selectorsMeet(peer.pods, pods)
}
