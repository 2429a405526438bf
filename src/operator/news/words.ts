/** A problem in the words of conditions and Events: a reason of one CamelCase word, and lint's sentence with what to do. */
import type { Problem, ProblemCode } from '../../api/problem.ts'
import { writePath, writeSource } from '../../api/source.ts'
import { onOneLine } from '../../report/one-line.ts'

/** `port-invalid` → `PortInvalid` */
export function writeReason(code: ProblemCode): string {
  return code
    .split('-')
    .map(word => (word === 'apptier' ? 'AppTier' : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join('')
}

/** Beside the object that it is about, which is not named again. */
export function writeSentence(problem: Problem): string {
  const { source } = problem
  const field = source.said === 'object' ? writePath(source.path) : writeSource(source)
  return join(field, problem)
}

/** Elsewhere: with the object. */
export function writeFullSentence(problem: Problem): string {
  return join(writeSource(problem.source), problem)
}

function join(where: string, { message, fix }: Problem): string {
  return onOneLine(`${where === '' ? '' : `${where}: `}${message}; ${fix}`)
}
