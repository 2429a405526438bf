/** What a command printed against what its page shows. */
import { programsOf } from './needs.ts'
import type { CommandStep } from './steps.ts'
import type { Printed } from './workshop.ts'

/** Nothing where the two agree. A line of three dots stands for any lines. */
export function findDifference({ place, command, shows }: CommandStep, { code, output }: Printed): string | undefined {
  const printed = normalize(output, command)
  const told = `${place}: $ ${command}\nended with ${code} and printed\n${output}`
  if (!codesOf(command, shows).includes(code ?? -1)) return told
  if (shows === undefined) return undefined
  return isLike(printed, normalize(shows, command)) ? undefined : `${told}\nand not, as the page has it,\n${shows}`
}

/** The exit codes that fit what is shown. */
function codesOf(command: string, shows: string | undefined): readonly number[] {
  const [program, subcommand = ''] = programsOf(command).at(-1) ?? []
  if (program === 'kubectl') return [shows === 'no' || /denied request/.test(shows ?? '') ? 1 : 0]
  if (program !== 'tierwall') return [0]
  if (subcommand === 'explain') return shows === undefined ? [0, 3] : [shows.startsWith('DENIED') ? 3 : 0]
  if (subcommand === 'plan') return shows === undefined ? [0, 2] : [shows.startsWith('no changes') ? 0 : 2]
  // Where nothing enforces policies it says so by its exit code.
  if (subcommand === 'doctor') return [0, 1]
  return [/^\S+: error /m.test(shows ?? '') ? 1 : 0]
}

/** Ages differ from run to run, and with them the widths of kubectl's columns and the places in what it writes. */
function normalize(text: string, command: string): readonly string[] {
  const lines = text.trimEnd().split('\n')
  if (!/\bkubectl (?:get|describe)\b/.test(command)) return lines
  return lines.map(line =>
    line
      .replaceAll(/^<stdin>:\d+:\d+:/g, '<stdin>:')
      .replaceAll(/\b(?:\d+[smh])+\b/g, '0s')
      .replaceAll(/ {2,}/g, ' ')
      .trim(),
  )
}

function isLike(printed: readonly string[], shown: readonly string[]): boolean {
  const [first, ...rest] = shown
  if (first === undefined) return printed.length === 0
  if (first === '...') return printed.some((_, index) => isLike(printed.slice(index), rest)) || rest.length === 0
  return printed[0] === first && isLike(printed.slice(1), rest)
}
