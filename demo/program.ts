/** A program to its end: what it said, whatever its exit code. */
import { execFile } from 'node:child_process'

export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface ProgramOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly input?: string
}

const longest = 60_000

export function runProgram(
  file: string,
  words: readonly string[],
  { input = '', ...options }: ProgramOptions,
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = execFile(file, words, { ...options, timeout: longest }, (error, stdout, stderr) => {
      if (options.signal.aborted) reject(options.signal.reason)
      else resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr: stderr || (error?.message ?? '') })
    })
    // It may end without having read it.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })
}
