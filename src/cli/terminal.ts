/** The two streams: results to stdout, everything else to stderr, in colour only where a terminal shows it. */
import { buffer } from 'node:stream/consumers'
import { styleText } from 'node:util'
import type { Problem } from '../api/problem.ts'
import { onOneLine } from '../report/one-line.ts'
import type { Meaning, Paint } from '../report/paint.ts'
import { type Locate, problemsAsText, type Style } from '../report/problems/index.ts'
import type { Trouble } from '../report/world/name.ts'

export type Stream = NodeJS.WriteStream

const looks: Readonly<Record<Meaning, Parameters<typeof styleText>[0]>> = {
  good: ['bold', 'green'],
  bad: ['bold', 'red'],
  doubtful: ['bold', 'yellow'],
  strong: 'bold',
  faint: 'dim',
}

/** `styleText` itself asks whether the stream is a terminal, and minds NO_COLOR. */
export function paintFor(stream: Stream): Paint {
  return (meaning, text) => styleText(looks[meaning], text, { stream })
}

export function styleFor(stream: Stream): Style {
  const paint = paintFor(stream)
  const meanings = { place: 'strong', error: 'bad', warning: 'doubtful', info: 'faint' } as const
  return (part, text) => paint(meanings[part], text)
}

export function print(text: string): void {
  process.stdout.write(text)
}

export function tell(text: string): void {
  process.stderr.write(text)
}

export function tellProblems(problems: readonly Problem[], locate: Locate): void {
  tell(problemsAsText(problems, locate, styleFor(process.stderr)))
}

/** The exit code of whatever cannot go on. */
export function tellTrouble({ message, fix }: Trouble): 1 {
  tell(`${paintFor(process.stderr)('bad', 'error:')} ${onOneLine(message)}; ${onOneLine(fix)}\n`)
  return 1
}

export async function readStdin(): Promise<Uint8Array> {
  return await buffer(process.stdin)
}

/** `tierwall graph | head` is no error. */
export function leaveQuietlyOnClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit()
      throw error
    })
}

export function tellBug(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  tell(`error: this is a bug in Tierwall: ${onOneLine(message)}; please report it with the command and its input\n`)
  if (process.env.TIERWALL_DEBUG && error instanceof Error) tell(`${error.stack}\n`)
  process.exitCode = 1
}
