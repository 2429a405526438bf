/**
 * A history → the writes of Tierwall that opened what no state of the inputs since the last settled one allows, or cut
 * what all of them allow. What policies mean is the evaluator's to say; the planner has no part in this.
 */
import type { Protocol } from '../../../src/api/kubernetes.ts'
import { allowedPorts, type End } from '../../../src/evaluate/index.ts'
import { type Change, findChanges, policyOf } from './changes.ts'
import { type Decide, rememberDecisions } from './decided.ts'
import type { History, Moment, Step } from './history.ts'
import { type Intent, isThere, readIntents } from './intents.ts'
import { withoutMeddling } from './meddling.ts'
import { makeNamed, makeServed, makeStrangers, outside, readAddresses, uniqueEnds } from './pods.ts'
import { inBoth, type Ports, without } from './ranges.ts'
import { type InputState, readTimeline, type Span } from './timeline.ts'

export interface JudgeOptions {
  /** Milliseconds that may pass between what Tierwall saw and what it wrote. */
  readonly lag?: number
}

export interface Violation {
  readonly step: Step
  readonly does: 'opens' | 'cuts'
  readonly from: End
  readonly to: End
  readonly protocol: Protocol
  readonly ports: Ports
  /** The states that agree that it must not. */
  readonly states: readonly Intent[]
}

export interface Judgement {
  readonly violations: readonly Violation[]
  readonly writes: number
  /** How many flows some write opened or cut. */
  readonly changes: number
  readonly states: number
  /** At the end, what stands there is what is asked for. */
  readonly isSettled: boolean
}

const ordinaryLag = 1_000

export function judge(history: History, options: JudgeOptions = {}): Judgement {
  const decide = rememberDecisions()
  const { states, writes, settledAt } = readTimeline(history, decide, options.lag ?? ordinaryLag)
  const judged = writes.map(({ step, span }) => judgeWrite(step, span, states, decide))
  return {
    violations: judged.flatMap(({ violations }) => violations),
    changes: judged.reduce((sum, { changes }) => sum + changes, 0),
    writes: writes.length,
    states: states.length,
    isSettled: settledAt !== undefined,
  }
}

function judgeWrite(
  step: Step,
  span: Span,
  states: readonly InputState[],
  decide: Decide,
): Pick<Judgement, 'violations' | 'changes'> {
  const { before, after, namespace } = step
  if (!isThere(namespace, before.inputs)) return { violations: [], changes: 0 }
  const spanned = states.slice(span.last.state, span.now + 1)
  const known = uniqueEnds([
    ...spanned.flatMap(({ inputs }) => [...decide.asIs(inputs).pods, ...makeServed(inputs)]),
    ...makeStrangers(namespacesOf(before)),
  ])
  const policies = [before, after].flatMap(moment => policyOf(step, moment))
  const pods = [...known, ...uniqueEnds(makeNamed(policies, known))].filter(
    pod => !before.inputs.terminating.has(pod.namespace),
  )
  const addresses = [...outside, ...spanned.flatMap(({ inputs }) => readAddresses(inputs))]
  const ends = [...pods, ...uniqueEnds(addresses)]
  const changes = [...findChanges(step, policies, ends)]
  if (changes.length === 0) return { violations: [], changes: 0 }
  const intents = readIntents(states, span, decide)
  const violations = changes.flatMap(change => judgeChange(change, step, intents))
  if (violations.length === 0 || span.unnoticed.size === 0) return { violations, changes: changes.length }
  const asNoticed = [...findChanges(withoutMeddling(step, span.unnoticed), policies, ends)]
  const ofItsOwn = asNoticed.flatMap(change => judgeChange(change, step, intents))
  return { violations: violations.filter(one => ofItsOwn.some(other => sameFlow(one, other))), changes: changes.length }
}

function sameFlow(a: Violation, b: Violation): boolean {
  return a.does === b.does && a.from === b.from && a.to === b.to && a.protocol === b.protocol
}

function namespacesOf({ inputs }: Moment): readonly string[] {
  const all = [...inputs.objects.values()].filter(({ kind }) => kind === 'Namespace').map(({ name }) => name)
  return all.filter(name => !name.startsWith('kube-'))
}

function judgeChange(change: Change, step: Step, intents: readonly Intent[]): Violation[] {
  const { from, to, protocol } = change
  let { opened, cut } = change
  for (const { index, place } of intents) {
    if (opened.length + cut.length === 0) return []
    const intended = allowedPorts(index, place(from), place(to), protocol)
    opened = without(opened, intended)
    cut = inBoth(cut, intended)
  }
  const found = { step, from, to, protocol, states: intents }
  return [
    ...(opened.length === 0 ? [] : [{ ...found, does: 'opens' as const, ports: opened }]),
    ...(cut.length === 0 ? [] : [{ ...found, does: 'cuts' as const, ports: cut }]),
  ]
}
