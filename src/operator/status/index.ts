/** One AppTier and the decision about it in, its status out: what kubectl shows, and what Argo CD and Flux wait for. */
import { isDeepStrictEqual } from 'node:util'
import { unnamedApp } from '../../api/peers.ts'
import { judgeAccepted } from './accepted.ts'
import { type AppTierStatus, type Condition, makeCondition, type Verdict } from './condition.ts'
import { type Facts, gatherFacts } from './facts.ts'
import type { StatusInput } from './input.ts'
import { judgePeers } from './peers.ts'
import { judgeReady, type Readiness } from './ready.ts'

export { type AppTierStatus, type Condition, readStatus } from './condition.ts'
export type { Conflict, StatusInput } from './input.ts'

/** A status is small and is sent whole: what is not listed is counted. */
const mostNames = 200

export function statusOf(input: StatusInput): AppTierStatus {
  const facts = gatherFacts(input)
  const { key, workloads, ports } = facts
  const generation = input.appTier.metadata.generation ?? 0
  const occasion = { generation, now: input.now, previous: input.previous }
  return {
    observedGeneration: generation,
    tier: key?.tier ?? '',
    app: key ? (key.app === unnamedApp ? '-' : key.app) : '',
    ports,
    conditions: judge(facts, input).map(([type, verdict]) => makeCondition(type, verdict, occasion)),
    workloadCount: workloads.length,
    workloads: workloads.slice(0, mostNames),
    policies: writtenPolicies(facts).slice(0, mostNames),
  }
}

function judge(facts: Facts, input: StatusInput): readonly (readonly [string, Verdict])[] {
  const accepted = judgeAccepted(facts, input)
  const ready = judgeReady(facts, accepted, input)
  return [
    ['Ready', ready],
    ['Accepted', accepted],
    ['PeersResolved', judgePeers(facts, accepted, input)],
    ...abnormal(ready),
  ]
}

/** By kstatus these are there only while they are true: Stalled is a failure, Reconciling is not over yet. */
function abnormal({ waitsFor, reason, message }: Readiness): readonly (readonly [string, Verdict])[] {
  if (waitsFor === 'nothing') return []
  return [[waitsFor === 'person' ? 'Stalled' : 'Reconciling', { status: 'True', reason, message }]]
}

function writtenPolicies({ namespace, policies, taken }: Facts): readonly string[] {
  if (namespace.isolation !== 'enforce') return []
  return policies.filter(name => !taken.some(one => one.name === name))
}

/** Nothing that a reader would act on has changed. */
export function sameStatus(a: AppTierStatus | undefined, b: AppTierStatus | undefined): boolean {
  return isDeepStrictEqual(a && withoutTimes(a), b && withoutTimes(b))
}

function withoutTimes({ conditions, ...rest }: AppTierStatus) {
  return { ...rest, conditions: conditions.map(({ lastTransitionTime: _, ...others }: Condition) => others) }
}
