/** A program with none of this machine's settings, to its end. */
import { type Outcome, runProgram } from '../program.ts'

interface Settings {
  /** What it keeps is kept there. */
  readonly home: string
  readonly kubeconfig: string
}

export function runApart(file: string, args: readonly string[], { home, kubeconfig }: Settings): Promise<Outcome> {
  return runProgram(file, args, { env: { PATH: '/usr/bin:/bin', HOME: home, KUBECONFIG: kubeconfig } })
}
