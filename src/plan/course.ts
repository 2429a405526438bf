/** What a policy's name stands for, round after round, from what is live to what is desired. */
import { written } from '../api/annotations.ts'
import type { LabelSelector } from '../api/kubernetes.ts'
import { holdsAll } from '../api/record.ts'
import { bridgeName, sharedNames } from '../policy/name.ts'
import { selectorOnWire } from '../policy/peers.ts'
import type { WirePolicy } from '../policy/wire.ts'
import type { Held } from './changes.ts'
import type { Grant } from './grants.ts'
import { sameSpec, withGrants, writeSpec } from './spec.ts'
import type { LivePolicy } from './state.ts'

/** A policy, what is live now, or nothing. */
export type Version = WirePolicy | 'live' | undefined

export interface Course {
  readonly namespace: string
  readonly name: string
  readonly live: LivePolicy | undefined
  readonly close: Version
  readonly open: Version
  readonly tidy: Version
  /** Lower is written earlier within a round. */
  readonly rank: number
}

export const ranks = { bridge: 0, tier: 1, dns: 2, deny: 3 } as const

export function rankOf(name: string): number {
  return name === sharedNames.deny ? ranks.deny : name === sharedNames.dns ? ranks.dns : ranks.tier
}

/** A policy of ours that stands only for a while, and for some of a policy's pods. */
export function bridgeFor(
  of: WirePolicy,
  pods: LabelSelector,
  grants: readonly Grant[],
  until: 'open' | 'tidy',
  rank: number = ranks.bridge,
): Course {
  const { namespace } = of.metadata
  const { spec } = withGrants({ ...of, spec: { ...of.spec, podSelector: selectorOnWire(pods) } }, grants)
  const name = bridgeName(of.metadata.name, writeSpec(spec))
  const bridge = { ...of, metadata: { ...of.metadata, name }, spec }
  return {
    namespace,
    name,
    live: undefined,
    close: bridge,
    open: until === 'open' ? undefined : bridge,
    tidy: undefined,
    rank,
  }
}

/** A live policy as we would write it. */
export function asWire({ name, labels, annotations, namespace, pods, grants, spec }: LivePolicy & Held): WirePolicy {
  const policyTypes = (['Ingress', 'Egress'] as const).filter(
    type => spec.policyTypes?.includes(type) ?? type === 'Ingress',
  )
  const bare: WirePolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: { ...labels, [written.managedByLabel]: written.manager }, annotations },
    spec: { podSelector: selectorOnWire(pods), policyTypes },
  }
  return withGrants(bare, grants)
}

/** Policies are never changed: one that was found as it should be is so until either is another. */
const knownSame = new WeakMap<LivePolicy, WirePolicy>()

/** The same where it is ours to say: what others added to its labels and annotations stays. */
export function samePolicy(live: LivePolicy, wanted: WirePolicy): boolean {
  if (knownSame.get(live) === wanted) return true
  const { metadata, spec } = wanted
  const same =
    holdsAll(live.labels, metadata.labels) &&
    holdsAll(live.annotations, metadata.annotations) &&
    sameSpec(live.spec, spec)
  if (same) knownSame.set(live, wanted)
  return same
}
