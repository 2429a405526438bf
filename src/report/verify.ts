/** Expectations against a world → which hold, and for those that don't, what is the case instead. */

import type { Expectation, Expectations, PlacedTrouble } from './expectations.ts'
import { type Answer, answerQuestion } from './explain/index.ts'
import { answerAsText, type ExplainContext } from './explain/text.ts'
import { onOneLine } from './one-line.ts'
import { plain } from './paint.ts'
import { writePlace } from './quote.ts'
import { findSubject } from './world/find.ts'
import type { Trouble } from './world/name.ts'

export interface Verification {
  readonly held: readonly Expectation[]
  readonly failed: readonly { readonly expectation: Expectation; readonly answer: Answer }[]
  readonly troubles: readonly PlacedTrouble[]
}

export function verifyExpectations(
  { expectations, troubles }: Expectations,
  namespace: string,
  { world }: Pick<ExplainContext, 'world'>,
): Verification {
  const held: Expectation[] = []
  const failed: Verification['failed'][number][] = []
  const unclear: PlacedTrouble[] = [...troubles]
  for (const expectation of expectations) {
    const asked = ask(expectation)
    if ('trouble' in asked) unclear.push({ ...asked.trouble, place: expectation.place })
    else if (asked.answer.judgement === expectation.expect) held.push(expectation)
    else failed.push({ expectation, answer: asked.answer })
  }
  return {
    held,
    failed,
    troubles: unclear.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column),
  }

  function ask({ from, to, port }: Expectation): { readonly answer: Answer } | { readonly trouble: Trouble } {
    const source = findSubject(from, world, namespace)
    if ('trouble' in source) return source
    const destination = findSubject(to, world, namespace)
    if ('trouble' in destination) return destination
    return answerQuestion({ from: source.subject, to: destination.subject, port }, world)
  }
}

export function failuresAsText({ failed }: Verification, context: ExplainContext): string {
  const { paint = plain } = context
  return failed
    .map(({ expectation, answer }) => {
      const where = onOneLine(writePlace(expectation.place))
      const head = `${where}: ${paint('bad', 'does not hold')}: ${onOneLine(expectation.text)}`
      return `${head}\n${indent(answerAsText(answer, context))}\n`
    })
    .join('')
}

export function troublesAsText(troubles: readonly PlacedTrouble[]): string {
  return troubles
    .map(({ place, message, fix }) => `${onOneLine(`${writePlace(place)}: error: ${message}; ${fix}`)}\n`)
    .join('')
}

export function countAsText({ held, failed, troubles }: Verification): string {
  const unreadable = troubles.length === 0 ? '' : `, ${troubles.length} cannot be judged`
  return `${held.length} hold${held.length === 1 ? 's' : ''}, ${failed.length} do${failed.length === 1 ? 'es' : ''} not${unreadable}\n`
}

const indent = (text: string) => text.replaceAll(/^(?=.)/gm, '  ')
