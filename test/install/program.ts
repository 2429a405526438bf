/** A program to its end, with none of this machine's settings: what it said, whatever its exit code. */
import { execFile } from 'node:child_process'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Settings {
  /** What it keeps is kept there. */
  readonly home: string
  readonly kubeconfig: string
}

export function runProgram(file: string, args: readonly string[], { home, kubeconfig }: Settings): Promise<Outcome> {
  const env = { PATH: '/usr/bin:/bin', HOME: home, KUBECONFIG: kubeconfig }
  return new Promise(resolve => {
    const child = execFile(file, args, { env, maxBuffer: 2 ** 26, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr })
    })
    child.stdin?.end()
  })
}
