/** What a step declares: its lines first, which the oracle must not contradict, and the oracle for all the rest. */
import type { Probe } from '../../properties/oracle.ts'
import type { Pod } from '../../properties/shapes.ts'
import type { Declared } from '../flows/compare.ts'
import { declaredBy } from '../flows/declared.ts'
import { type Flow, writeFlow } from '../flows/flow.ts'
import type { Party } from '../flows/party.ts'
import { readLines } from './lines.ts'
import type { Step } from './read-case.ts'
import { worldOf } from './world-of.ts'

export function declaredIn(
  step: Step,
  parties: readonly Party[],
  probes: readonly Probe[],
  flows: readonly Flow[],
): Declared {
  const lines = readLines(step.lines, parties, flows)
  const pods = parties.flatMap(({ end }): Pod[] => ('name' in end ? [end] : []))
  const others = step.known.flatMap(({ is, object }) => (is === 'networkPolicy' ? [object] : []))
  const oracle = declaredBy(worldOf(step.known, pods), probes, others)
  return flow => {
    const [line, thought] = [lines.declared(flow), oracle(flow)]
    if (line !== undefined && thought !== undefined && line !== thought)
      throw new Error(`reachability.txt and the oracle disagree on ${writeFlow(flow)}`)
    return line ?? thought
  }
}
