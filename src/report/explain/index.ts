/** May one subject reach another: every pair of their ends is judged, port by port. */
import type { NonEmpty, Port } from '../../api/ports.ts'
import { evaluateFlow, type Target, type Verdict } from '../../evaluate/index.ts'
import type { World } from '../world/index.ts'
import type { Trouble } from '../world/name.ts'
import type { Subject } from '../world/subject.ts'
import { type Pair, pairEnds } from './pairs.ts'
import { cutSpan, type PortSpan, spansAsked, spansDeclared } from './ports.ts'

export interface Question {
  readonly from: Subject
  readonly to: Subject
  readonly port?: Port
}

export type Judgement = 'allowed' | 'denied' | 'depends'

export interface Flow extends Pair {
  readonly target: Target
  readonly verdict: Verdict
}

export interface PortAnswer {
  readonly span: PortSpan
  readonly judgement: Judgement
  readonly flows: NonEmpty<Flow>
}

export interface Answer {
  readonly question: Question
  readonly judgement: Judgement
  readonly ports: readonly PortAnswer[]
}

export function answerQuestion(
  question: Question,
  world: World,
): { readonly answer: Answer } | { readonly trouble: Trouble } {
  const { from, to, port } = question
  const asked = port ? spansAsked(port, to) : { spans: spansDeclared(from, to, world) }
  if ('trouble' in asked) return asked
  const pairs = pairEnds(from, to)
  const ports = asked.spans.flatMap(span => cutSpan(span, pairs, world)).map(span => judgePort(span, pairs, world))
  const judgements = ports.map(({ judgement }) => judgement)
  return { answer: { question, ports, judgement: port ? judgeAll(judgements) : judgeAny(judgements) } }
}

function judgePort(span: PortSpan, [first, ...more]: NonEmpty<Pair>, world: World): PortAnswer {
  const target: Target = { port: span.first, protocol: span.protocol }
  const judge = ({ from, to }: Pair): Flow => ({
    from,
    to,
    target,
    verdict: evaluateFlow(world.index, from.end, to.end, target),
  })
  const flows: NonEmpty<Flow> = [judge(first), ...more.map(judge)]
  return { span, flows, judgement: judgeAll(flows.map(({ verdict }) => (verdict.allowed ? 'allowed' : 'denied'))) }
}

/** Allowed means all, denied means none. */
function judgeAll(judgements: readonly Judgement[]): Judgement {
  if (judgements.every(judgement => judgement === 'allowed')) return 'allowed'
  return judgements.every(judgement => judgement === 'denied') ? 'denied' : 'depends'
}

/** Where no port was asked for, one open port is a way in. */
function judgeAny(judgements: readonly Judgement[]): Judgement {
  if (judgements.includes('allowed')) return 'allowed'
  return judgeAll(judgements)
}
