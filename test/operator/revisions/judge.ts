/**
 * A history → the writes of Tierwall that opened what no state of the inputs since the last settled one allows, or cut
 * what all of them allow. What policies mean is the evaluator's to say; the planner has no part in this.
 */
import { type Configuration, defaultConfiguration } from '../../../src/api/configuration.ts'
import type { Protocol } from '../../../src/api/kubernetes.ts'
import { allowedPorts, type End, indexPolicies, type PodEnd, readSelector } from '../../../src/evaluate/index.ts'
import { type Decide, rememberDecisions } from './decided.ts'
import { type History, type Moment, nameOf, type Step } from './history.ts'
import { type Intent, isThere, readIntents, readLabels } from './intents.ts'
import { makeStrangers, outside, placePods, uniquePods } from './pods.ts'
import { inBoth, type Ports, without } from './ranges.ts'
import { type InputState, readTimeline, type Span } from './timeline.ts'

export interface JudgeOptions {
  /** Milliseconds that may pass between what Tierwall saw and what it wrote. */
  readonly lag?: number
  readonly configuration?: Configuration
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

const protocols: readonly Protocol[] = ['TCP', 'UDP', 'SCTP']
const ordinaryLag = 1_000

export function judge(history: History, options: JudgeOptions = {}): Judgement {
  const decide = rememberDecisions(options.configuration ?? defaultConfiguration)
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
  const pods = uniquePods([
    ...spanned.flatMap(({ inputs }) => decide.asIs(inputs.objects).pods),
    ...makeStrangers(namespacesOf(before)),
  ]).filter(pod => !before.inputs.terminating.has(pod.namespace))
  const changes = [...findChanges(step, before, after, pods)]
  if (changes.length === 0) return { violations: [], changes: 0 }
  const intents = readIntents(states, span, decide)
  return { violations: changes.flatMap(change => judgeChange(change, step, intents)), changes: changes.length }
}

function namespacesOf({ inputs }: Moment): readonly string[] {
  const all = [...inputs.objects.values()].filter(({ kind }) => kind === 'Namespace').map(({ name }) => name)
  return all.filter(name => !name.startsWith('kube-'))
}

interface Change extends Pick<Violation, 'from' | 'to' | 'protocol'> {
  readonly opened: Ports
  readonly cut: Ports
}

/** A policy can only change flows of the pods that it selects, or that it selected. */
function* findChanges(step: Step, before: Moment, after: Moment, pods: readonly PodEnd[]): Generator<Change> {
  const policies = [before, after].flatMap(
    ({ ours, inputs }) => ours.get(nameOf(step)) ?? inputs.foreign.get(nameOf(step)) ?? [],
  )
  const tests = policies.map(({ spec }) => readSelector(spec.podSelector))
  const selected = pods.filter(
    ({ namespace, labels }) => namespace === step.namespace && tests.some(test => test(labels)),
  )
  const indexes = [before, after].map(({ ours, inputs }) =>
    indexPolicies([...ours.values(), ...inputs.foreign.values()]),
  )
  const place = placePods(readLabels(after.inputs))
  const portsAt = (index: number, from: End, to: End, protocol: Protocol) =>
    allowedPorts(indexes[index] ?? [], place(from), place(to), protocol)
  for (const [from, to] of pairs(selected, [...pods, ...outside]))
    for (const protocol of protocols) {
      const [was, is] = [portsAt(0, from, to, protocol), portsAt(1, from, to, protocol)]
      const [opened, cut] = [without(is, was), without(was, is)]
      if (opened.length + cut.length > 0) yield { from, to, protocol, opened, cut }
    }
}

function* pairs(selected: readonly PodEnd[], ends: readonly End[]): Generator<readonly [End, End]> {
  for (const pod of selected)
    for (const end of ends) {
      if (end === pod) continue
      yield [pod, end]
      if (!selected.some(other => other === end)) yield [end, pod]
    }
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
