/** An answer for a tired person: the verdict first, then each direction's reason, then what to write. */
import type { Direction } from '../../evaluate/index.ts'
import { type Paint, plain } from '../paint.ts'
import { writeQuote } from '../quote.ts'
import type { World } from '../world/index.ts'
import { adviseOnAll } from './advice.ts'
import type { Answer, Flow, Judgement, PortAnswer, Question } from './index.ts'
import type { PlaceToWrite } from './peer-text.ts'
import { type PortSpan, writeSpan } from './ports.ts'
import { type FlowReasons, type PolicyNamed, type Reason, reasonsOf } from './reasons.ts'

export interface ExplainContext extends PlaceToWrite {
  readonly world: World
  readonly paint?: Paint
}

export function answerAsText({ question, ports }: Answer, context: ExplainContext): string {
  return ports.map(answer => explainPort(question, answer, context)).join('\n')
}

const words: Readonly<Record<Judgement, string>> = { allowed: 'ALLOWED', denied: 'DENIED', depends: 'IT DEPENDS' }
const meanings = { allowed: 'good', denied: 'bad', depends: 'doubtful' } as const

export function writeFlow({ from, to }: Question, span: PortSpan): string {
  const name = to.text.includes(':') && to.is === 'address' && !to.text.startsWith('[') ? `[${to.text}]` : to.text
  return `${from.text} -> ${name}:${writeSpan(span)}`
}

function explainPort(question: Question, { span, judgement, flows }: PortAnswer, context: ExplainContext): string {
  const { paint = plain } = context
  const allowed = flows.filter(({ verdict }) => verdict.allowed).length
  const count = judgement === 'depends' ? `: allowed for ${allowed} of ${flows.length} pairs` : ''
  const head = `${paint(meanings[judgement], words[judgement])} ${paint('strong', writeFlow(question, span))}${count}`
  const groups = groupFlows(flows, context)
  const body = groups.flatMap(group => {
    const lines = explainGroup(question, group, span, context)
    return groups.length === 1
      ? lines
      : [`  ${headOf(question, group.flows, paint)}`, ...lines.map(line => `  ${line}`)]
  })
  const { steps, hints } = adviseOnAll(flows, context.world, context)
  const advice =
    steps.length === 0 ? [] : [`  ${paint('strong', 'to open it:')}`, ...steps.map(step => `    - ${step}`)]
  return `${[head, ...body, ...advice, ...hints.map(hint => `  note: ${hint}`)].join('\n')}\n`
}

interface FlowGroup {
  readonly flows: readonly Flow[]
  readonly reasons: FlowReasons
}

/** Pods with the same reasons are spoken of together. */
function groupFlows(flows: readonly Flow[], { world, quote }: ExplainContext): readonly FlowGroup[] {
  const groups = new Map<string, { flows: Flow[]; reasons: FlowReasons }>()
  for (const flow of flows) {
    const reasons = reasonsOf(flow, world, quote)
    const key = JSON.stringify(reasons)
    const group = groups.get(key)
    if (group) group.flows.push(flow)
    else groups.set(key, { flows: [flow], reasons })
  }
  return [...groups.values()]
}

function headOf(question: Question, flows: readonly Flow[], paint: Paint): string {
  const allowed = flows.every(({ verdict }) => verdict.allowed)
  const ends = `${listEnds(question, flows, 'from')} -> ${listEnds(question, flows, 'to')}`
  return `${paint(allowed ? 'good' : 'bad', allowed ? 'allowed' : 'denied')} ${ends}`
}

function listEnds(question: Question, flows: readonly Flow[], side: 'from' | 'to'): string {
  const { text, is, ends } = question[side]
  const labels = [...new Set(flows.map(flow => flow[side].label))]
  if (labels.length === 1 || labels.length < ends.length) return shorten(labels)
  return is === 'anywhere' ? text : `all ${labels.length} pods of ${text}`
}

function explainGroup(
  question: Question,
  { flows, reasons }: FlowGroup,
  span: PortSpan,
  context: ExplainContext,
): string[] {
  const [from, to] = [listEnds(question, flows, 'from'), listEnds(question, flows, 'to')]
  return [
    ...explainSide('egress', from, to, reasons.egress, span, context),
    ...explainSide('ingress', to, from, reasons.ingress, span, context),
  ]
}

const sideWords: Readonly<Record<Direction, { readonly side: string; readonly lets: string }>> = {
  egress: { side: 'from', lets: 'lets it connect to' },
  ingress: { side: 'to', lets: 'lets in' },
}

function explainSide(
  direction: Direction,
  own: string,
  other: string,
  reason: Reason,
  span: PortSpan,
  { paint = plain }: ExplainContext,
): string[] {
  const { side, lets } = sideWords[direction]
  const start = `  ${side.padEnd(4)} ${own}: `
  if (reason.is === 'free') return [start + reason.note]
  if (reason.is === 'denied')
    return [
      `${start}${paint('bad', 'denied')}: isolated by ${shorten(reason.isolating.map(writePolicy))}; no rule ${lets} ${other} on ${writeSpan(span)}`,
    ]
  return reason.grants.flatMap(({ policy, because }, place) => [
    `${place === 0 ? start : ' '.repeat(start.length)}${place === 0 ? paint('good', 'allowed') : 'and'} by ${writePolicy(policy)}`,
    ...because.map(one => `         because ${writeQuote(one)}`),
  ])
}

function writePolicy({ ref, isOurs }: PolicyNamed): string {
  return isOurs ? ref.name : `NetworkPolicy ${ref.namespace}/${ref.name}`
}

const mostListed = 4

function shorten(names: readonly string[]): string {
  const listed = names.length > mostListed ? names.slice(0, mostListed - 1) : names
  const rest = names.length - listed.length
  return listed.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
