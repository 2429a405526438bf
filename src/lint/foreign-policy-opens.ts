import { annotation } from '../api/annotations.ts'
import type { NetworkPolicy, PolicyPort, Protocol } from '../api/kubernetes.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { sourceAt, writeRef } from '../api/source.ts'
import {
  allowedPorts,
  type Direction,
  type End,
  evaluateFlow,
  type PolicyIndex,
  type Target,
} from '../evaluate/index.ts'
import { refOf } from '../intent/snapshot.ts'
import { canBeJudged, endOf } from './survey/ends.ts'
import type { Pods, Survey } from './survey/index.ts'
import { type OtherEnd, otherEnds } from './survey/other-ends.ts'

/** A policy of somebody else that lets through what Tierwall's policies do not. */
export function foreignPolicyOpens(survey: Survey): Problem[] {
  return [...survey.policies.enforced.keys()].flatMap(namespace =>
    survey.policies.foreignIn(namespace).flatMap(policy => {
      const flow = findOpened(policy, namespace, survey)
      return flow ? [problemOf(policy, flow)] : []
    }),
  )
}

/** A pod that the policy selects, and an end that one of its rules means. */
interface Pair {
  readonly pods: Pods
  readonly other: OtherEnd
  readonly direction: Direction
  readonly from: End
  readonly to: End
  readonly ports: readonly PolicyPort[] | undefined
}

interface Opened extends Pair, Target {}

/** One flow is enough; a policy that opens none costs at most so many questions. */
const mostPods = 8
const mostEnds = 400
const protocols: readonly Protocol[] = ['TCP', 'UDP', 'SCTP']

function findOpened(policy: NetworkPolicy, namespace: string, survey: Survey): Opened | undefined {
  const before = survey.policies.onlyOursIn(namespace)
  const after = survey.policies.all
  for (const pair of pairsOf(policy, namespace, survey))
    for (const target of targetsOf(pair, before, after)) {
      const now = evaluateFlow(after, pair.from, pair.to, target)
      if (!now.allowed || !now[pair.direction].grants.some(grant => grant.policy === policy)) continue
      if (!evaluateFlow(before, pair.from, pair.to, target)[pair.direction].allowed) return { ...pair, ...target }
    }
  return undefined
}

function pairsOf(policy: NetworkPolicy, namespace: string, survey: Survey): readonly Pair[] {
  const { ingress = [], egress = [] } = policy.spec
  const rules = [
    ...ingress.map(({ from, ports }) => ({ direction: 'ingress' as const, peers: from, ports })),
    ...egress.map(({ to, ports }) => ({ direction: 'egress' as const, peers: to, ports })),
  ]
  const others = rules
    .flatMap(rule => otherEnds(rule.peers, namespace, survey).map(other => ({ ...rule, other })))
    .slice(0, mostEnds)
  return subjectsOf(policy, namespace, survey).flatMap(pods => {
    const end = endOf(pods, survey.decision.snapshot)
    return others.map(({ direction, ports, other }): Pair => {
      const [from, to] = direction === 'ingress' ? [other.end, end] : [end, other.end]
      return { pods, other, direction, from, to, ports }
    })
  })
}

/** Pods of the same tiers are alike. */
function subjectsOf({ spec }: NetworkPolicy, namespace: string, survey: Survey): readonly Pods[] {
  const able = survey.selectPods(namespace, spec.podSelector).filter(canBeJudged)
  const groups = Map.groupBy(able, ({ members }) => JSON.stringify(members.map(({ ref }) => ref)))
  return [...groups.values()].flatMap(([first]) => (first ? [first] : [])).slice(0, mostPods)
}

/** Ports that somebody names, and those where what was open ends or what is open begins. */
function targetsOf({ from, to, ports = [] }: Pair, before: PolicyIndex, after: PolicyIndex): readonly Target[] {
  const declared = to.is === 'pod' ? to.ports.map(({ containerPort }) => containerPort) : []
  const named = ports.flatMap(({ port }) => (typeof port === 'number' ? [port] : []))
  return protocols.flatMap(protocol => {
    const begins = allowedPorts(after, from, to, protocol).map(([first]) => first)
    if (begins.length === 0) return []
    const ends = allowedPorts(before, from, to, protocol).map(([, last]) => last + 1)
    return [...new Set([...declared, ...named, 443, 80, ...begins, ...ends])].map(
      (port): Target => ({ port, protocol }),
    )
  })
}

function problemOf(policy: NetworkPolicy, { pods, other, direction, port, protocol }: Opened): Problem {
  const pod = writeRef(pods.ref)
  const [from, to] = direction === 'ingress' ? [other.label, pod] : [pod, other.label]
  const key = direction === 'ingress' ? annotation.from : annotation.to
  return problemAt(
    sourceAt(refOf(policy), ['spec', direction]),
    'foreign-policy-opens',
    `it lets ${from} connect to ${to} on ${protocol} port ${port}, which Tierwall's policies keep shut`,
    pods.members.length > 0
      ? `delete it, or say the same in ${key} of ${pod}`
      : `delete it, or give ${pod} a tier that says the same`,
  )
}
