/** What a person sees: titles, paragraphs, commands and single lines, none of them wider than 80 columns. */
import { onOneLine } from '../src/report/one-line.ts'
import type { Meaning, Paint } from '../src/report/paint.ts'

export interface Screen {
  readonly title: (text: string) => void
  /** A paragraph, broken where the line ends. */
  readonly say: (text: string, meaning?: Meaning) => void
  readonly command: (text: string) => void
  /** Each as it stands. */
  readonly lines: (...lines: readonly string[]) => void
  /** A line that tells at its end how long the work took. */
  readonly during: <T>(what: string, work: () => Promise<T>) => Promise<T>
  readonly paint: Paint
}

const width = 80
const indent = '   '

export function createScreen(print: (text: string) => void, paint: Paint): Screen {
  const lines: Screen['lines'] = (...texts) => print(texts.map(text => `${`${indent}${text}`.trimEnd()}\n`).join(''))
  return {
    paint,
    lines,
    title: text => print(`\n${paint('strong', text)}\n`),
    say: (text, meaning) => {
      const broken = breakLines(text, width - indent.length)
      lines(...broken.map(line => (meaning === undefined ? line : paint(meaning, line))))
    },
    command: text => lines(paint('strong', `$ ${text}`)),
    async during(what, work) {
      const began = performance.now()
      print(`${indent}${what.padEnd(66)}`)
      const done = await work()
      const seconds = (performance.now() - began) / 1000
      print(`${paint('faint', `${seconds.toFixed(1).padStart(6)} s`)}\n`)
      return done
    },
  }
}

/** A word that is longer than a line has a line of its own. */
export function breakLines(text: string, columns: number): readonly string[] {
  const broken: string[] = []
  for (const word of text.split(/\s+/).map(onOneLine)) {
    const last = broken.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= columns) broken[broken.length - 1] = `${last} ${word}`
    else broken.push(word)
  }
  return broken
}
