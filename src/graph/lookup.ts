/** Tier peers → the tiers that they name, or why there are none, with the near match. */

import type { LabelSelector } from '../api/kubernetes.ts'
import { lookAlike, nearest, type Peer, writePeer } from '../api/peers.ts'
import type { Port } from '../api/ports.ts'
import type { Fault } from '../api/problem.ts'
import { impliesSelector, matchesLabels, selectorsMeet } from '../api/selector.ts'
import type { Intent } from '../intent/index.ts'
import { templateOf, templateOfPod } from '../intent/members.ts'
import { namespaceLabels, type Snapshot } from '../intent/snapshot.ts'
import {
  type Member,
  type PeerEntry,
  type Template,
  type Tier,
  type TierKey,
  writeKey,
  writeTier,
} from '../intent/tier.ts'
import { isTierPeer } from './outside.ts'

export type TierPeer = Extract<Peer, { kind: 'tier' | 'app' }>

export interface Lookup {
  readonly byKey: ReadonlyMap<string, Tier>
  readonly byNamespace: ReadonlyMap<string, readonly Tier[]>
  readonly snapshot: Snapshot
  /** Labels of each namespace, worked out once. */
  readonly labelsOf: (namespace: string) => Readonly<Record<string, string>>
  /** There are no tiers there, whatever is written. */
  readonly isRefused: (namespace: string) => boolean
  /** The templates of all pods that a member's selector selects, whoever brings them. */
  readonly selectedBy: (member: Member) => readonly Template[]
}

export function indexTiers({ tiers, isolationOf }: Intent, snapshot: Snapshot): Lookup {
  const labels = new Map<string, Readonly<Record<string, string>>>()
  return {
    byKey: tiers,
    byNamespace: Map.groupBy(tiers.values(), ({ key }) => key.namespace),
    snapshot,
    labelsOf: namespace => {
      const known = labels.get(namespace) ?? namespaceLabels(snapshot, namespace)
      labels.set(namespace, known)
      return known
    },
    isRefused: namespace => isolationOf(namespace).isolation === 'refused',
    selectedBy: rememberSelected(snapshot),
  }
}

/** Asked for only where a selector or a port's name meets a member, and then once a member. */
function rememberSelected({ workloads, pods }: Snapshot): Lookup['selectedBy'] {
  let byNamespace: Map<string, Template[]> | undefined
  const known = new Map<Member, readonly Template[]>()
  return member => {
    const before = known.get(member)
    if (before) return before
    byNamespace ??= Map.groupBy(
      [...workloads.map(templateOf), ...pods.map(templateOfPod)],
      ({ workload }) => workload.namespace,
    )
    const others = (byNamespace.get(member.key.namespace) ?? []).filter(({ labels }) =>
      matchesLabels(member.selector, labels),
    )
    const selected = [...member.templates, ...others]
    known.set(member, selected)
    return selected
  }
}

const appOf = (peer: TierPeer, self: TierKey) => peer.app ?? self.app
export const namespaceOf = (peer: TierPeer, self: TierKey) => peer.namespace ?? self.namespace

export function findTiers(peer: TierPeer, self: TierKey, lookup: Lookup): readonly Tier[] {
  const [app, namespace] = [appOf(peer, self), namespaceOf(peer, self)]
  if (peer.kind === 'app') return (lookup.byNamespace.get(namespace) ?? []).filter(({ key }) => key.app === app)
  const tier = lookup.byKey.get(writeKey({ namespace, app, tier: peer.tier }))
  return tier ? [tier] : []
}

/** Nothing is guessed: the message names what may have been meant. */
export function notFound(peer: TierPeer, self: TierKey, lookup: Lookup): Fault {
  const [app, namespace] = [appOf(peer, self), namespaceOf(peer, self)]
  const there = lookup.byNamespace.get(namespace) ?? []
  const where = namespace === self.namespace ? '' : ` in namespace ${namespace}`
  const inApp = app === '' ? 'the unnamed app' : `app ${app}`
  const message =
    peer.kind === 'app' ? `${inApp} has no tier${where}` : `there is no tier ${peer.tier} in ${inApp}${where}`
  return { code: 'peer-unknown-tier', message, fix: adviseOn(peer, app, there, namespace, lookup) }
}

function adviseOn(peer: TierPeer, app: string, there: readonly Tier[], namespace: string, lookup: Lookup): string {
  const write = (key: Pick<TierKey, 'app' | 'tier'>) =>
    writePeer({ kind: 'tier', tier: key.tier, app: key.app, ...(peer.namespace === undefined ? {} : { namespace }) })
  if (lookup.isRefused(namespace)) return `Tierwall keeps out of ${namespace}: write *.${namespace} for its pods`
  if (peer.kind === 'tier') {
    const elsewhere = there.find(({ key }) => key.tier === peer.tier)
    if (elsewhere)
      return `it is in ${elsewhere.key.app === '' ? 'the unnamed app' : `app ${elsewhere.key.app}`}: give both the same label app.kubernetes.io/part-of (or tierwall.dev/app), or write ${write(elsewhere.key)}`
    const near = nearest(
      peer.tier,
      there.filter(({ key }) => key.app === app).map(({ key }) => key.tier),
    )
    if (near) return `did you mean ${near}?`
    const word = lookAlike(peer.tier)
    if (word && peer.namespace === undefined) return `did you mean ${word}?`
  }
  const apps = [...new Set(there.map(({ key }) => key.app))]
  const nearApp = nearest(app, apps)
  if (nearApp) return `did you mean app ${nearApp}?`
  if (there.length === 0 && peer.namespace !== undefined) {
    const nearNamespace = nearest(namespace, [...lookup.byNamespace.keys(), ...lookup.snapshot.namespaces.keys()])
    return nearNamespace
      ? `did you mean namespace ${nearNamespace}?`
      : `no tier is known in ${namespace}: add it to the input, or mend the name`
  }
  const known = there.map(({ key }) => writeTier(key)).slice(0, 8)
  return known.length === 0
    ? 'no rule is written until it appears'
    : `known here: ${known.join(', ')}; no rule is written until it appears`
}

/** The entry of `self` speaks of `other`'s pods, in whatever form: the ports that it says, or that its named peer brings. */
export function coverageOf({ peer, ports }: PeerEntry, self: Member, other: Member, lookup: Lookup): Coverage[] {
  if (peer.kind !== 'named') return peerCovers(peer, self.key, other, lookup) ? [{ ports }] : []
  return (lookup.snapshot.configuration.peers.get(peer.name) ?? [])
    .filter(one => peerCovers(one.peer, self.key, other, lookup))
    .map(one => ({ ports: ports ?? one.ports }))
}

export interface Coverage {
  readonly ports: readonly Port[] | undefined
}

function peerCovers(peer: Peer, self: TierKey, other: Member, lookup: Lookup): boolean {
  if (isTierPeer(peer))
    return (
      other.key.namespace === namespaceOf(peer, self) &&
      other.key.app === appOf(peer, self) &&
      (peer.kind === 'app' || other.key.tier === peer.tier)
    )
  switch (peer.kind) {
    case 'anywhere':
    case 'cluster':
      return true
    case 'namespace':
      return other.key.namespace === self.namespace
    case 'pods-of':
      return other.key.namespace === peer.namespace
    case 'pods': {
      const inNamespace = peer.namespaceSelector
        ? matchesLabels(peer.namespaceSelector, lookup.labelsOf(other.key.namespace))
        : other.key.namespace === self.namespace
      return inNamespace && (peer.podSelector === undefined || maySelect(peer.podSelector, other, lookup))
    }
    default:
      return false
  }
}

/**
 * The pods of a workload are what its template makes, and what others' templates make that its selector selects as well;
 * those of an AppTier's selector may be anything that it can match.
 */
function maySelect(selector: LabelSelector, member: Member, { selectedBy }: Lookup): boolean {
  if (impliesSelector(member.selector, selector)) return true
  if (member.ref.kind === 'AppTier') return selectorsMeet(member.selector, selector)
  return selectedBy(member).some(({ labels }) => matchesLabels(selector, labels))
}
