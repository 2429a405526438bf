/** A flow's verdict → the reasons of its two directions, down to the words of whoever asked for a rule. */
import type { NetworkPolicy } from '../../api/kubernetes.ts'
import { type ObjectRef, sourceAt } from '../../api/source.ts'
import type { Direction, DirectionVerdict, End, Grant } from '../../evaluate/index.ts'
import { refOf } from '../../intent/snapshot.ts'
import { type Quote, type Quoter, writeWho } from '../quote.ts'
import type { World } from '../world/index.ts'
import { isStranger } from '../world/strangers.ts'
import type { SubjectEnd } from '../world/subject.ts'
import type { Flow } from './index.ts'

export interface PolicyNamed {
  readonly ref: ObjectRef
  /** Of Tierwall, or somebody else's. */
  readonly isOurs: boolean
}

export interface Granted {
  readonly policy: PolicyNamed
  readonly because: readonly Quote[]
}

/** `free`: nothing isolates that end in that direction. */
export type Reason =
  | { readonly is: 'free'; readonly note: string }
  | { readonly is: 'allowed'; readonly grants: readonly Granted[] }
  | { readonly is: 'denied'; readonly isolating: readonly PolicyNamed[] }

export interface FlowReasons {
  readonly egress: Reason
  readonly ingress: Reason
}

export function reasonsOf({ from, to, verdict }: Flow, world: World, quote: Quoter): FlowReasons {
  const quoted = withPresetPlaces(quote, to)
  return {
    egress: reasonOf('egress', verdict.egress, from, world, quoted),
    ingress: reasonOf('ingress', verdict.ingress, to, world, quoted),
  }
}

/** Presets are the server's, and stand where its tier was named. */
function withPresetPlaces(quote: Quoter, { members }: SubjectEnd): Quoter {
  return source => {
    const server = source.said === 'preset' ? members.find(({ key }) => key.tier === source.tier) : undefined
    const place = server && quote(server.because).place
    return place ? { ...quote(source), place } : quote(source)
  }
}

function reasonOf(
  direction: Direction,
  { allowed, isolating, grants }: DirectionVerdict,
  { end }: SubjectEnd,
  world: World,
  quote: Quoter,
): Reason {
  if (isolating.length === 0) return { is: 'free', note: whyFree(end, direction, world) }
  if (!allowed) return { is: 'denied', isolating: isolating.map(policy => namePolicy(policy, world)) }
  return { is: 'allowed', grants: uniteGrants(grants.map(grant => readGrant(grant, direction, world, quote))) }
}

function whyFree(end: End, direction: Direction, { decision, index }: World): string {
  if (end.is === 'address' || isStranger(end)) return 'outside, where no policy isolates it'
  if (end.hostNetwork) return "not isolated: it runs on its node's network, where policies do not hold"
  const { isolation } = decision.intent.isolationOf(end.namespace)
  const isHeld = decision.namespaces.some(({ namespace }) => namespace === end.namespace)
  if (index.isolationOf(end, direction).policies.length > 0) return 'not isolated: a pod always reaches itself'
  if (isHeld && (isolation === 'audit' || isolation === 'off'))
    return `not isolated: no policy selects it, and in namespace ${end.namespace}, which is in ${isolation}, Tierwall writes none`
  return 'not isolated: no policy selects it'
}

function namePolicy(policy: NetworkPolicy, { desired }: World): PolicyNamed {
  return { ref: refOf(policy), isOurs: desired.has(policy) }
}

function readGrant({ policy, rule, peer }: Grant, direction: Direction, world: World, quote: Quoter): Granted {
  const named = namePolicy(policy, world)
  const because = world.desired.get(policy)?.[direction][rule]?.because[peer ?? 0]
  if (because) return { policy: named, because: because.map(quote) }
  const list = direction === 'ingress' ? 'from' : 'to'
  const source = sourceAt(named.ref, ['spec', direction, rule, ...(peer === undefined ? [] : [list, peer])])
  return { policy: named, because: [{ ...quote(source), who: writeWho(source) }] }
}

/** One policy may grant by several rules. */
function uniteGrants(grants: readonly Granted[]): readonly Granted[] {
  const byPolicy = Map.groupBy(grants, ({ policy }) => `${policy.ref.namespace}/${policy.ref.name}`)
  return [...byPolicy.values()].flatMap(([first, ...more]) => {
    if (!first) return []
    const quotes = [first, ...more].flatMap(({ because }) => because)
    return [{ policy: first.policy, because: [...new Map(quotes.map(one => [JSON.stringify(one), one])).values()] }]
  })
}
