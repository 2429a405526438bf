/** Problems → a line each for people and editors: `file:line:col: error CODE: what, and what to do`. */
import type { Problem, Severity } from '../../api/problem.ts'
import { writeSource } from '../../api/source.ts'
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

/** Names and values come from files: none may break the line, colour the terminal or turn the text around. */
function onOneLine(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
