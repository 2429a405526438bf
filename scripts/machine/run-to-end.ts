/** A command to its end on this terminal: what is told to stop this process, stops it. */
import { spawn } from 'node:child_process'

export interface Command {
  readonly words: readonly [string, ...string[]]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** What it gets where this process is told to stop. */
  readonly onSignal: NodeJS.Signals
}

const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** Its exit code, or that of the signal that this process got. */
export function runToEnd({ words: [file, ...args], cwd, env, onSignal }: Command): Promise<number> {
  let interrupted: number | undefined
  // Before the command starts: else a signal right after that would end this process alone.
  for (const [signal, code] of Object.entries(exitCodes))
    process.once(signal, () => {
      interrupted = code
      child.kill(onSignal)
    })
  const child = spawn(file, args, { cwd, env, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code => resolve(interrupted ?? code ?? 1))
  })
}

/**
 * In namespaces of its own, as root on Linux. All that it starts, mounts and configures lives there and goes when their
 * first process dies: that dies with unshare, and unshare with this process.
 */
export function runInNamespaces({ words, ...rest }: Omit<Command, 'onSignal'>): Promise<number> {
  const namespaces = ['--net', '--mount', '--pid', '--ipc', '--fork', '--kill-child', '--mount-proc']
  const wrapped = ['setpriv', '--pdeathsig', 'KILL', 'unshare', ...namespaces, ...words] as const
  return runToEnd({ ...rest, words: wrapped, onSignal: 'SIGKILL' })
}
