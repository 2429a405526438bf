/** `tierwall run` as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { eventually } from './cluster.ts'

/** Of this version. */
const main = join(import.meta.dirname, '../../src/cli/main.ts')

const line = z.looseObject({ level: z.string(), msg: z.string() })
export type LogLine = z.infer<typeof line>

export interface OperatorProcess {
  readonly pid: number
  readonly log: readonly LogLine[]
  /** Until it leads and knows everything. */
  readonly ready: () => Promise<void>
  readonly signal: (signal: NodeJS.Signals) => void
  /** With SIGTERM unless said otherwise; the exit code, or nothing where a signal ended it. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
  readonly ended: () => boolean
}

/** A Lease that others wait for as shortly as is sensible: tests kill operators. */
export const shortLease = ['--lease-duration', '3', '--renew-deadline', '2', '--retry-period', '0.3']

export function runOperator(kubeconfig: string, flags: readonly string[] = [], program = main): OperatorProcess {
  const listen = flags.includes('--health') ? [] : ['--health', 'off', '--metrics', 'off']
  const words = ['run', '--kubeconfig', kubeconfig, '--log-format', 'json', ...listen, ...flags]
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: cleanEnvironment(),
  })
  const log: LogLine[] = []
  createInterface({ input: child.stderr }).on('line', text => log.push(readLine(text)))
  return {
    pid: child.pid ?? 0,
    log,
    ready: () =>
      eventually(() => {
        if (child.exitCode !== null) throw new Error(`the operator ended: ${JSON.stringify(log.slice(-5))}`)
        if (!log.some(({ msg }) => msg === 'the cluster is known')) throw new Error(JSON.stringify(log.slice(-5)))
      }, 60_000),
    signal: signal => void child.kill(signal),
    stop: (signal = 'SIGTERM') => end(child, signal),
    ended: () => child.exitCode !== null || child.signalCode !== null,
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill(signal)
  if (signal !== 'SIGKILL') child.kill('SIGCONT')
  await ended
  return child.exitCode
}

function readLine(text: string): LogLine {
  try {
    return line.parse(JSON.parse(text))
  } catch {
    return { level: 'error', msg: text }
  }
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TIERWALL_')))
}
