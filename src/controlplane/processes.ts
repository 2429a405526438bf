/** Processes that end with whoever started them, even by `kill -9`, and their folder with them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { lastLines } from './run.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

export interface Running {
  readonly pid: number
  /** Without a chance to tidy up: what it keeps is in etcd, or thrown away. */
  kill(): Promise<void>
}

export interface Processes {
  /** Aborts with an `Ended` where one ends that nobody ended. */
  readonly signal: AbortSignal
  start(name: string, file: string, args: readonly string[]): Promise<Running>
  /** The end of what each has printed. */
  readLogs(): string
  /** Ends them all and takes the folder away. */
  stop(): Promise<void>
}

export class Ended extends Error {
  readonly log: string
  constructor(name: string, how: string, log: string) {
    super(`${name} ${how}; the end of its log:\n${log}`)
    this.log = log
  }
}

/** Few variables: etcd reads every ETCD_ as a flag, and no proxy is meant for this machine. */
const environment = { PATH: '/usr/bin:/bin' }

export function keepProcesses(folder: string): Processes {
  const watchdog = startWatchdog(folder)
  const controller = new AbortController()
  const all: Running[] = []
  const names = new Set<string>()
  let stopped: Promise<unknown> | undefined
  const logOf = (name: string) => lastLines(readFileSync(join(folder, `${name}.log`), 'utf8'), 15)
  return {
    signal: controller.signal,
    async start(name, file, args) {
      const fail = (how: string) => controller.abort(new Ended(name, how, logOf(name)))
      const running = await startProcess(folder, name, file, args, watchdog, fail)
      names.add(name)
      all.push(running)
      return running
    },
    readLogs: () => [...names].map(name => `${name}:\n${logOf(name)}`).join('\n'),
    async stop() {
      stopped ??= Promise.all(all.map(running => running.kill())).then(watchdog.release)
      await stopped
    },
  }
}

async function startProcess(
  folder: string,
  name: string,
  file: string,
  args: readonly string[],
  watchdog: Watchdog,
  fail: (how: string) => void,
): Promise<Running> {
  const log = await open(join(folder, `${name}.log`), 'a')
  const child = spawn(file, args, {
    cwd: folder,
    env: environment,
    // An interrupt at the terminal is for the owner, who may still need them for an orderly end.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  })
  const { pid } = child
  if (pid !== undefined) watchdog.tell('start', pid)
  let wanted = false
  // Listened for at once: it may have ended before anything else is awaited.
  const ended = new Promise<void>(resolve => {
    child.once('exit', (code, signal) => {
      watchdog.tell('end', child.pid ?? 0)
      if (!wanted) fail(signal ? `was ended by ${signal}` : `ended with exit code ${code}`)
      resolve()
    })
  })
  await Promise.all([once(child, 'spawn'), log.close()])
  if (pid === undefined) throw new Error(`${name} has no process id`)
  // The owner need not wait for them in order to end.
  child.unref()
  return {
    pid,
    async kill() {
      wanted = true
      child.ref()
      child.kill('SIGKILL')
      await ended
    },
  }
}
