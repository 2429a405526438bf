/** May one end open a connection to another: egress of the source and ingress of the destination must both agree. */
import type { NetworkPolicy, Protocol } from '../api/kubernetes.ts'
import { type End, type FlowFamily, isLoopback, sharedFamilies } from './ends.ts'
import { indexPolicies, type PolicyIndex } from './policies.ts'
import { includesPort, portsOf } from './ports.ts'
import { peersMeaning, type Side, sidesOf } from './sides.ts'

export interface Target {
  readonly port: number
  readonly protocol: Protocol
}

/** The rule, and the peer in it, that allows a flow; both count from 0. */
export interface Grant {
  readonly policy: NetworkPolicy
  readonly rule: number
  /** `undefined`: the rule names no peers and means everyone. */
  readonly peer: number | undefined
}

export interface DirectionVerdict {
  readonly allowed: boolean
  /** The policies that select the pod in this direction; none: it is not isolated. */
  readonly isolating: readonly NetworkPolicy[]
  readonly grants: readonly Grant[]
}

/** Allowed where both directions are. */
export interface Verdict {
  readonly allowed: boolean
  readonly egress: DirectionVerdict
  readonly ingress: DirectionVerdict
}

/**
 * Replies of an allowed flow are allowed and not judged. Dual-stack ends are allowed where one family is; to judge one
 * alone, give a pod its addresses of that family only. Not judged: what the pod's own node sends (kubelet's probes).
 */
export function evaluateFlow(
  policies: readonly NetworkPolicy[] | PolicyIndex,
  from: End,
  to: End,
  target: Target,
): Verdict {
  if (isLoopback(from, to)) return { allowed: true, egress: unrestricted, ingress: unrestricted }
  const sides = sidesOf(indexPolicies(policies), from, to)
  const judge = (family: FlowFamily): Verdict => {
    const egress = judgeSide(sides.egress, to, target, family)
    const ingress = judgeSide(sides.ingress, to, target, family)
    return { allowed: egress.allowed && ingress.allowed, egress, ingress }
  }
  const [family, ...others] = sharedFamilies(from, to)
  const verdict = judge(family)
  return verdict.allowed ? verdict : (others.map(judge).find(({ allowed }) => allowed) ?? verdict)
}

const unrestricted: DirectionVerdict = { allowed: true, isolating: [], grants: [] }

function judgeSide(
  { policies, rules, other }: Side,
  destination: End,
  { port, protocol }: Target,
  family: FlowFamily,
): DirectionVerdict {
  if (policies.length === 0) return unrestricted
  const grants = rules
    .filter(rule => includesPort(portsOf(rule.ports, protocol, destination), port))
    .flatMap(rule => peersMeaning(other, rule, family).map(peer => ({ policy: rule.policy, rule: rule.place, peer })))
  return { allowed: grants.length > 0, isolating: policies, grants }
}
