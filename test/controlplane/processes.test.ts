import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, onTestFinished, test as plain } from 'vitest'
import { z } from 'zod'
import { Ended, keepProcesses } from '../../src/controlplane/processes.ts'
import { until } from '../../src/controlplane/until.ts'
import { isRunning } from './alive.ts'
import { test } from './plane.ts'

const reported = z.object({ pids: z.array(z.number()), folder: z.string() })

async function startOwner(how: string): Promise<z.infer<typeof reported> & { end(signal: NodeJS.Signals): void }> {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'owner.ts'), how], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void owner.kill('SIGKILL'))
  const [line] = await once(createInterface(owner.stdout), 'line')
  return { ...reported.parse(JSON.parse(line)), end: signal => owner.kill(signal) }
}

async function areGone(pids: readonly number[], folder: string): Promise<boolean> {
  const running = await Promise.all(pids.map(isRunning))
  return !running.includes(true) && !(await exists(folder))
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

describe('the processes and their folder are gone', () => {
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    plain(`when their owner is ended by ${signal}`, async () => {
      const { pids, folder, end } = await startOwner('waits')
      expect(await areGone(pids, folder)).toBe(false)
      end(signal)
      await until('end of the processes', () => areGone(pids, folder))
    })

  for (const how of ['throws', 'ends by itself'])
    plain(`when their owner ${how}`, async () => {
      const { pids, folder } = await startOwner(how)
      await until('end of the processes', () => areGone(pids, folder))
    })

  // The shared one is asked for only because this is skipped where there can be none.
  test('when the owner of a control plane is ended by SIGKILL', async ({ plane: _ }) => {
    const { pids, folder, end } = await startOwner('control plane')
    expect(await Promise.all(pids.map(isRunning))).toEqual([true, true, true])
    end('SIGKILL')
    await until('end of the processes', () => areGone(pids, folder))
  })
})

describe('a process', () => {
  const keep = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tierwall-'))
    const processes = keepProcesses(folder)
    onTestFinished(processes.stop)
    return { folder, ...processes }
  }

  plain('that ends unasked is a failure that tells how, and what it said last', async () => {
    const { start, signal } = await keep()
    await start('one', 'sh', ['-c', 'echo out of luck >&2; exit 3'])
    await until('failure', async () => signal.aborted)
    expect(signal.reason).toBeInstanceOf(Ended)
    expect(String(signal.reason)).toContain('one ended with exit code 3; the end of its log:\nout of luck')
  })

  plain('that was asked to end is none', async () => {
    const { start, stop, signal } = await keep()
    const { kill } = await start('one', 'sleep', ['1000'])
    await start('two', 'sleep', ['1000'])
    await kill()
    await stop()
    expect(signal.aborted).toBe(false)
  })

  plain('that cannot be started is refused by name', async () => {
    const { start } = await keep()
    await expect(start('one', '/nowhere/etcd', [])).rejects.toThrow('spawn /nowhere/etcd ENOENT')
  })

  plain('knows none of the variables of its owner', async () => {
    const { start, readLogs, signal } = await keep()
    await start('one', '/usr/bin/env', [])
    await until('end', async () => signal.aborted)
    expect(readLogs()).toBe('one:\nPATH=/usr/bin:/bin')
  })
})
