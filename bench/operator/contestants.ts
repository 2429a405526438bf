/** Those who are measured, each as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ControlPlane } from '../../src/controlplane/index.ts'

export interface Contestant {
  readonly name: string
  /** How its policies begin. */
  readonly prefix: string
  /** Policies beside one for each Deployment. */
  readonly perNamespace: number
  readonly start: () => Promise<Running>
}

export interface Running {
  readonly residentMiB: () => number
  /** Seconds of processor time so far. */
  readonly cpu: () => number
  /** As it says itself, where it does. */
  readonly heapMiB: () => Promise<number | undefined>
  readonly stop: () => Promise<void>
}

export function bareLoop({ access }: ControlPlane): Contestant {
  const file = join(access.dataDir, 'bare-loop.json')
  writeFileSync(file, JSON.stringify(access))
  return {
    name: 'bare loop',
    prefix: 'bare-',
    perNamespace: 0,
    start: () => startProcess(['bench/operator/bare-loop.ts', file], 'ready'),
  }
}

export function tierwall({ access }: ControlPlane): Contestant {
  const listen = ['--health', 'off', '--metrics', '127.0.0.1:0', '--log-format', 'json']
  return {
    name: 'tierwall',
    prefix: 'tierwall-',
    perNamespace: 2,
    start: () =>
      startProcess(
        [
          ...(process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : []),
          'dist/cli/main.js',
          'run',
          '--kubeconfig',
          access.kubeconfigFile,
          ...listen,
        ],
        'the cluster is known',
      ),
  }
}

async function startProcess(words: readonly string[], readyWord: string): Promise<Running> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  const port = /"metrics":(\d+)/.exec(await seen(child, readyWord))?.[1]
  return {
    residentMiB: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    cpu: () => cpuOf(child.pid ?? 0),
    heapMiB: () => readHeap(port),
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function seen(child: ChildProcess, word: string): Promise<string> {
  let text = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', chunk => {
      if (process.env.BENCH_LOG) appendFileSync(process.env.BENCH_LOG, chunk)
      text = (text + chunk).slice(-10_000)
      if (text.includes(word)) resolve()
    })
    child.once('exit', code => reject(new Error(`it ended with ${code}: ${text}`)))
  })
  return text
}

async function readHeap(port: string | undefined): Promise<number | undefined> {
  if (port === undefined) return undefined
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^nodejs_heap_size_used_bytes (\S+)/m.exec(page)?.[1]) / 2 ** 20
}

/** Clock ticks of user and system time; there are a hundred in a second. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
