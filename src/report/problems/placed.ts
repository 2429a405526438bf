/** Problems and where their sources stand → problems in the order in which a person goes through them. */
import { compareText } from '../../api/order.ts'
import type { Problem, Severity } from '../../api/problem.ts'
import { type Place, type Source, writeSource } from '../../api/source.ts'

export type { Place }

/** Nothing for what stands in no file. */
export type Locate = (source: Source) => Place | undefined

export interface PlacedProblem {
  readonly problem: Problem
  readonly place: Place | undefined
}

/** By file, line, column and code; those without a place last, by what they are about. */
export function placeProblems(problems: readonly Problem[], locate: Locate): PlacedProblem[] {
  return problems
    .map(problem => ({ problem, place: locate(problem.source) }))
    .sort((a, b) => comparePlaces(a.place, b.place) || compareText(sortKey(a.problem), sortKey(b.problem)))
}

function comparePlaces(a: Place | undefined, b: Place | undefined): number {
  if (!a || !b) return Number(!a) - Number(!b)
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column
}

function sortKey({ source, code, message, fix }: Problem): string {
  const about = source.said === 'object' ? writeSource(source) : ''
  return [about, code, message, fix].join('\0')
}

export type ProblemCount = Readonly<Record<Severity, number>>

export function countProblems(problems: readonly Problem[]): ProblemCount {
  const count = { error: 0, warning: 0, info: 0 }
  for (const { severity } of problems) count[severity]++
  return count
}

/** `2 errors, 1 warning` */
export function writeCount(count: ProblemCount): string {
  const parts = [many(count.error, 'error'), many(count.warning, 'warning'), many(count.info, 'remark')]
  return parts.filter(part => !part.startsWith('0 ')).join(', ') || 'no problems'
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
