/** A container's own command line, run to its end in the pod's network. */
import { spawn } from 'node:child_process'
import type { Network } from './host.ts'
import type { Container } from './pod.ts'

interface Ended {
  readonly exitCode: number
  /** The end of its log. */
  readonly message: string
}

export function runContainer(
  { command, env }: Container,
  bin: string,
  network: Network,
  signal: AbortSignal,
): Promise<Ended> {
  const [program = '', ...args] = network.enter(command)
  const given = Object.fromEntries(env.map(({ name, value }) => [name, value]))
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...given, PATH: `${bin}:${given.PATH}`, ...network.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let message = ''
    const listen = (text: Buffer) => {
      message = `${message}${text}`.slice(-2048)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    const kill = () => killGroup(child.pid)
    signal.addEventListener('abort', kill)
    child.on('error', reject)
    child.on('close', code => {
      signal.removeEventListener('abort', kill)
      resolve({ exitCode: code ?? 137, message })
    })
  })
}

/** What its shell started as well. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}
