/** Every code of the table of problems, in order. */
import { type ProblemCode, problemKinds } from '../../api/problem.ts'

export const problemCodes: readonly ProblemCode[] = Object.keys(problemKinds).filter(isProblemCode).sort()

function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(problemKinds, text)
}
