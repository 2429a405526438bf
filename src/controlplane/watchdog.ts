/** A process that ends what its owner leaves behind. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Watchdog {
  tell(what: 'start' | 'end', pid: number): void
  /** Takes the folder away, and ends. */
  release(): Promise<void>
}

/** A shell, not Node: it outlives a `killall -9 node` too. */
export function startWatchdog(folder: string): Watchdog {
  const script = join(import.meta.dirname, 'watchdog.sh')
  const env = { PATH: `${process.env.PATH ?? ''}:/usr/bin:/bin` }
  const shell = spawn('/bin/sh', [script, folder], { env, detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = once(shell, 'exit')
  // Should it be gone, the owner still ends its processes itself.
  shell.stdin.on('error', () => undefined)
  shell.unref()
  return {
    tell(what, pid) {
      shell.stdin.write(`${what} ${pid}\n`)
    },
    async release() {
      shell.ref()
      shell.stdin.end()
      await ended
    },
  }
}
