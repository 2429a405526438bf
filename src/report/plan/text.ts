/** A plan for a person at a terminal: policies by namespace with what changes in them, then flows, then the sum. */
import type { Step } from '../../plan/index.ts'
import { onOneLine } from '../one-line.ts'
import { type Meaning, type Paint, plain } from '../paint.ts'
import { countChanges, type PolicyChange, partsOf, writeCount } from './changes.ts'
import type { DiffLine } from './diff.ts'
import type { FlowChanges, FlowGroup } from './flows.ts'
import { changesIn, hasFlows, type NamespaceChanges, type PlanReport, type ReasonedChange } from './index.ts'
import { diffSpecs } from './spec-diff.ts'

export interface PlanTextOptions {
  readonly paint?: Paint
  /** Every flow, and the steps of each round. */
  readonly verbose?: boolean
}

export function planAsText(report: PlanReport, { paint = plain, verbose = false }: PlanTextOptions = {}): string {
  const changes = changesIn(report)
  const blocks = [
    ...report.namespaces.map(namespace => writeNamespace(namespace, paint)),
    ...(changes.length > 0 || hasFlows(report) ? writeFlows(report.flows, paint, verbose) : []),
    ...(verbose ? writeRounds(report) : []),
    [writeSum(report)],
  ]
  return `${blocks.map(lines => lines.join('\n')).join('\n\n')}\n`
}

/** `2 to create, 1 to delete; 3 flows open, 1 is cut` */
export function writeSum(report: PlanReport): string {
  const changes = changesIn(report)
  if (changes.length === 0 && !hasFlows(report)) return 'no changes: what stands is what is desired'
  const { flows } = report
  const count = changes.length === 0 ? 'no policy of Tierwall changes' : writeCount(countChanges(changes))
  if (flows.is === 'too-many') return count
  return `${count}; ${writeMany(flows.opened.length, 'opens', 'open')}, ${writeMany(flows.cut.length, 'is cut', 'are cut')}`
}

const writeMany = (count: number, one: string, more: string) =>
  count === 0 ? `no flow ${one}` : count === 1 ? `1 flow ${one}` : `${count} flows ${more}`

function writeNamespace({ namespace, changes, notes }: NamespaceChanges, paint: Paint): string[] {
  return [
    paint('strong', `namespace ${namespace}`),
    ...changes.flatMap(change => writeChange(change, paint)),
    ...notes.map(note => `  ${paint('doubtful', '!')} ${onOneLine(note)}`),
  ]
}

export const signs = { create: '+', change: '~', delete: '-', adopt: '=' } as const
const meanings: Readonly<Record<PolicyChange['verb'], Meaning>> = {
  create: 'good',
  change: 'doubtful',
  delete: 'bad',
  adopt: 'doubtful',
}

function writeChange({ change, because }: ReasonedChange, paint: Paint): string[] {
  const { verb, name } = change
  return [
    `  ${paint(meanings[verb], `${signs[verb]} ${verb} ${name}`)}`,
    ...because.map(reason => `      because ${reason}`),
    ...writeWords(change).map(words => `      ${words}`),
    ...diffSpecs(change).map(line => `    ${writeDiffLine(line, paint)}`),
  ]
}

/** Where the spec stays, it is the words beside it that change. */
export function writeWords(change: PolicyChange): readonly string[] {
  const { words, after } = partsOf(change)
  return change.verb === 'change' && after === undefined ? [`the spec stays, ${words.join(', ')} changes`] : []
}

export function writeDiffLine({ is, text }: DiffLine, paint: Paint): string {
  if (is === 'removed') return paint('bad', `- ${text}`)
  if (is === 'added') return paint('good', `+ ${text}`)
  return is === 'gap' ? paint('faint', `  ${text}`) : `  ${text}`
}

const mostFlows = 20
const mostNames = 4

function writeFlows(flows: FlowChanges, paint: Paint, verbose: boolean): string[][] {
  if (flows.is === 'too-many') return [[writeTooMany(flows.pairs)]]
  const most = verbose ? Number.POSITIVE_INFINITY : mostFlows
  return [
    ...writeSomeFlows('flows that open', '+', flows.opened, text => paint('good', text), most),
    ...writeSomeFlows('flows that are cut', '-', flows.cut, text => paint('bad', text), most),
  ]
}

export function writeTooMany(pairs: number): string {
  return `flows are not compared, since there are ${pairs} pairs of ends; without -f, -n NAMESPACE compares those of one`
}

function writeSomeFlows(
  title: string,
  sign: string,
  flows: readonly FlowGroup[],
  colour: (text: string) => string,
  most: number,
): string[][] {
  if (flows.length === 0) return []
  const left = flows.length - most
  return [
    [
      title,
      ...flows.slice(0, most).map(flow => `  ${colour(sign)} ${writeFlow(flow)}`),
      ...(left > 0 ? [`  and ${left} more; --verbose shows all`] : []),
    ],
  ]
}

/** `shop/web, shop/job and 3 more -> shop/api: 5000/TCP` */
export function writeFlow({ from, to, ports }: FlowGroup): string {
  return `${shorten(from)} -> ${shorten(to)}: ${ports}`
}

function shorten(names: readonly string[]): string {
  const listed = names.length > mostNames ? names.slice(0, mostNames - 1) : names
  const rest = names.length - listed.length
  return listed.join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

function writeRounds({ rounds }: PlanReport): string[][] {
  const writeStep = ({ verb, namespace, name }: Step) => `  ${verb} ${namespace}/${name}`
  return (['close', 'open', 'tidy'] as const)
    .filter(round => rounds[round].length > 0)
    .map(round => [`round ${round}`, ...rounds[round].map(writeStep)])
}
