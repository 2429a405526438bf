/** What a write did to flows: between which ends it opened and cut what. */
import type { NetworkPolicy, Protocol } from '../../../src/api/kubernetes.ts'
import { allowedPorts, type End, indexPolicies, readSelector } from '../../../src/evaluate/index.ts'
import { type Moment, nameOf, type Step } from './history.ts'
import { readLabels } from './intents.ts'
import { placePods } from './pods.ts'
import { type Ports, without } from './ranges.ts'

const protocols: readonly Protocol[] = ['TCP', 'UDP', 'SCTP']

export interface Change {
  readonly from: End
  readonly to: End
  readonly protocol: Protocol
  readonly opened: Ports
  readonly cut: Ports
}

export function policyOf(step: Step, { ours, inputs }: Moment): readonly NetworkPolicy[] {
  const policy = ours.get(nameOf(step)) ?? inputs.foreign.get(nameOf(step))
  return policy === undefined ? [] : [policy]
}

/** A policy can only change flows of the pods that it selects, or that it selected. */
export function* findChanges(step: Step, policies: readonly NetworkPolicy[], ends: readonly End[]): Generator<Change> {
  const { before, after } = step
  const tests = policies.map(({ spec }) => readSelector(spec.podSelector))
  const selected = ends.filter(
    end => end.is === 'pod' && end.namespace === step.namespace && tests.some(test => test(end.labels)),
  )
  const indexes = [before, after].map(({ ours, inputs }) =>
    indexPolicies([...ours.values(), ...inputs.foreign.values()]),
  )
  const place = placePods(readLabels(after.inputs))
  const portsAt = (index: number, from: End, to: End, protocol: Protocol) =>
    allowedPorts(indexes[index] ?? [], place(from), place(to), protocol)
  for (const [from, to] of pairs(selected, ends))
    for (const protocol of protocols) {
      const [was, is] = [portsAt(0, from, to, protocol), portsAt(1, from, to, protocol)]
      const [opened, cut] = [without(is, was), without(was, is)]
      if (opened.length + cut.length > 0) yield { from, to, protocol, opened, cut }
    }
}

function* pairs(selected: readonly End[], ends: readonly End[]): Generator<readonly [End, End]> {
  for (const pod of selected)
    for (const end of ends) {
      if (end === pod) continue
      yield [pod, end]
      if (!selected.some(other => other === end)) yield [end, pod]
    }
}
