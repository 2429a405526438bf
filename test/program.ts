/** A program to its end: what it said, whatever its exit code. */
import { execFile } from 'node:child_process'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Settings {
  readonly cwd?: string
  /** All that it sees of one. */
  readonly env: NodeJS.ProcessEnv
}

/** Downloads take their time. */
const longest = 280_000

export function runProgram(file: string, args: readonly string[], { cwd, env }: Settings): Promise<Outcome> {
  return new Promise(resolve => {
    const child = execFile(file, args, { cwd, env, maxBuffer: 2 ** 26, timeout: longest }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr })
    })
    child.stdin?.end()
  })
}
