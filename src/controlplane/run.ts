/** A command to its end: what it printed, or why it failed. */
import { type ExecFileException, execFile } from 'node:child_process'

export type Ran = { readonly stdout: string } | { readonly missing: true } | { readonly failed: string }

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

const mostOutput = 64 * 2 ** 20

export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise(resolve => {
    const child = execFile(file, args, { ...options, maxBuffer: mostOutput }, (error, stdout, stderr) => {
      if (error) resolve(explain(error, stderr))
      else resolve({ stdout })
    })
    child.stdin?.end()
  })
}

function explain(error: ExecFileException, stderr: string): Ran {
  if (error.code === 'ENOENT') return { missing: true }
  return { failed: lastLines(stderr) || error.message }
}

/** Compilers and installers say what was wrong last. */
export function lastLines(text: string, most = 5): string {
  return text.trim().split('\n').slice(-most).join('\n')
}

export function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, '; ')
}
