/** Tierwall as a process of its own, out of any checkout: the operator until it knows the cluster, or a command to its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { eventually } from '../../operator/cluster.ts'

export const ownCheckout = join(import.meta.dirname, '../../..')

export interface Operator {
  readonly stop: () => Promise<void>
}

const flags = ['--health', 'off', '--metrics', 'off', '--log-format', 'json']

export async function startOperator(
  kubeconfig: string,
  checkout = ownCheckout,
  more: readonly string[] = [],
): Promise<Operator> {
  const child = spawnTierwall(checkout, ['run', '--kubeconfig', kubeconfig, ...flags, ...more])
  const log: string[] = []
  createInterface({ input: child.stderr }).on('line', line => log.push(line))
  child.stdout.resume()
  await eventually(() => {
    if (!log.some(line => line.includes('"the cluster is known"'))) throw new Error(log.slice(-5).join('\n'))
  }, 30_000)
  return {
    stop: async () => {
      if (hasEnded(child)) throw new Error(`the operator ended by itself: ${log.slice(-5).join('\n')}`)
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

export async function runTierwall(words: readonly string[]): Promise<void> {
  const child = spawnTierwall(ownCheckout, words)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  if (code !== 0) throw new Error(`tierwall ${words.join(' ')} ended with ${code}:\n${stdout}${stderr}`)
}

function spawnTierwall(checkout: string, words: readonly string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TIERWALL_')))
  const main = join(checkout, 'src/cli/main.ts')
  return spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env })
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null
