/** What stands in the way of an answer about all of the input: its errors. Warnings are `lint`'s to tell. */
import { countProblems, writeCount } from '../report/problems/index.ts'
import type { Input } from './input.ts'
import { tell, tellProblems } from './terminal.ts'

/** Whether there was anything to tell. */
export function tellLeftOut({ problems, locate }: Pick<Input, 'problems' | 'locate'>): boolean {
  const errors = problems.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return false
  tellProblems(errors, locate)
  tell(`the input has ${writeCount(countProblems(errors))}: what they are about is left out here\n`)
  return true
}
