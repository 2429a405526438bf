/** What packets did, what the evaluator says and what was declared, flow by flow → the sums, and every difference as text. */

import { type Flow, writeFlow } from './flow.ts'
import { type KnownDifference, knownDifferences, takeAsCilium } from './known-differences.ts'
import { type Judge, judgeBy, type Scene } from './scene.ts'
import { writePolicy } from './write-policy.ts'

/** Nothing where neither a line nor the design says. */
export type Declared = (flow: Flow) => boolean | undefined

export interface Answers {
  /** As the API's text has it. */
  readonly evaluated: Judge
  /** As the CNI is known to take the same policies. */
  readonly expected: (flow: Flow) => boolean
  /** Those that make a difference for the flow. */
  readonly known: (flow: Flow) => readonly KnownDifference[]
}

export function answersFor(scene: Scene): Answers {
  const evaluated = judgeBy(scene)
  const taken = judgeBy(takeAsCilium(scene))
  const without = knownDifferences.map(difference => {
    const others = knownDifferences.filter(other => other !== difference)
    return {
      difference,
      judge: judgeBy(takeAsCilium(scene, others)),
      alone: judgeBy(takeAsCilium(scene, [difference])),
    }
  })
  const expected = (flow: Flow) => taken(flow).allowed
  return {
    evaluated,
    expected,
    known: flow => {
      const text = evaluated(flow).allowed
      if (expected(flow) === text) return []
      return without
        .filter(({ judge, alone }) => judge(flow).allowed !== expected(flow) || alone(flow).allowed !== text)
        .map(({ difference }) => difference)
    },
  }
}

export interface Sum {
  readonly tried: number
  readonly allowed: number
  readonly denied: number
  /** By heading, how many flows a known difference changes. */
  readonly known: Readonly<Record<string, number>>
}

export interface Comparison {
  readonly sum: Sum
  readonly differences: readonly string[]
  /** Flows that did not do what the policies say as the CNI is known to take them, whatever was declared. */
  readonly unexpected: readonly string[]
}

export function compareAnswers(
  flows: readonly Flow[],
  reached: ReadonlyMap<Flow, boolean>,
  answers: Answers,
  declared: Declared,
): Comparison {
  const known: Record<string, number> = {}
  const differences: string[] = []
  const unexpected: string[] = []
  let allowed = 0
  for (const flow of flows) {
    const passed = reached.get(flow) === true
    if (passed) allowed += 1
    const said = declared(flow)
    const verdict = answers.evaluated(flow)
    for (const { heading } of answers.known(flow)) known[heading] = (known[heading] ?? 0) + 1
    if (passed !== answers.expected(flow)) unexpected.push(writeFlow(flow))
    if (passed !== answers.expected(flow) || (said !== undefined && said !== verdict.allowed))
      differences.push(describe(flow, passed, answers, said))
  }
  return { sum: { tried: flows.length, allowed, denied: flows.length - allowed, known }, differences, unexpected }
}

function describe(flow: Flow, passed: boolean, answers: Answers, said: boolean | undefined): string {
  const { allowed, egress, ingress } = answers.evaluated(flow)
  const known = answers.known(flow).map(({ heading }) => heading)
  const inTheWay = [...new Set([egress, ingress].flatMap(({ isolating }) => isolating))]
  const stale =
    known.length > 0 && passed === allowed
      ? `  Cilium no longer differs in this: ${known.join('; ')}. Take it off the list and out of docs/cni.md.\n`
      : ''
  return (
    `${writeFlow(flow)}\n  packets ${word(passed)}, evaluator ${word(allowed)}, declared ${word(said)}\n${stale}` +
    inTheWay.map(policy => `  ${writePolicy(policy)}\n`).join('')
  )
}

const word = (allowed: boolean | undefined) => (allowed === undefined ? 'nothing' : allowed ? 'allowed' : 'denied')

export function addSums(sums: readonly Sum[]): Sum {
  const known: Record<string, number> = {}
  for (const sum of sums)
    for (const [heading, count] of Object.entries(sum.known)) known[heading] = (known[heading] ?? 0) + count
  const total = (of: (sum: Sum) => number) => sums.reduce((all, sum) => all + of(sum), 0)
  return { tried: total(sum => sum.tried), allowed: total(sum => sum.allowed), denied: total(sum => sum.denied), known }
}
