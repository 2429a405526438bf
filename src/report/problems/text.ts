/** Problems → a line each for people and editors: `file:line:col: error CODE: what, and what to do`. */
import type { Problem, Severity } from '../../api/problem.ts'
import { writeSource } from '../../api/source.ts'
import { onOneLine } from '../one-line.ts'
import { type Locate, type PlacedProblem, placeProblems } from './placed.ts'

/** Colours a part of a line, where the output can show it. */
export type Style = (part: 'place' | Severity, text: string) => string

export function problemsAsText(problems: readonly Problem[], locate: Locate, style: Style = (_, text) => text): string {
  return placeProblems(problems, locate)
    .map(placed => `${writeLine(placed, style)}\n`)
    .join('')
}

function writeLine({ problem, place }: PlacedProblem, style: Style): string {
  const { source, severity, code, message, fix } = problem
  const where = place ? `${place.file}:${place.line}:${place.column}` : writeSource(source)
  return `${style('place', `${onOneLine(where)}:`)} ${style(severity, severity)} ${code}: ${onOneLine(message)}; ${onOneLine(fix)}`
}
