import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { describe, expect } from 'vitest'
import { z } from 'zod'
import { until } from '../../src/controlplane/until.ts'
import { isRunning } from './alive.ts'
import { test } from './plane.ts'

const event = z.object({
  verb: z.string(),
  level: z.string(),
  requestURI: z.string(),
  user: z.looseObject({ username: z.string() }),
})

describe('a control plane', () => {
  test('that does not start says why, at once', async ({ startPlane }) => {
    await expect(startPlane({ serverFlags: ['--no-such-flag'] })).rejects.toThrow(
      /^kube-apiserver ended with exit code 1; the end of its log:\n.*unknown flag: --no-such-flag/s,
    )
    await expect(startPlane({ customResources: [{ spec: {} }] })).rejects.toThrow(/the ends of the logs:\netcd:/)
  })

  test('leaves nothing behind: after stop() the processes, the folder and the port are gone', async ({
    startPlane,
  }) => {
    const plane = await startPlane()
    const pids = Object.values(plane.pids())
    expect(await Promise.all(pids.map(isRunning))).toEqual([true, true, true])
    await plane.stop()
    expect(await Promise.all(pids.map(isRunning))).toEqual([false, false, false])
    await expect(stat(plane.access.dataDir)).rejects.toThrow('ENOENT')
    await expect(fetch(plane.access.url)).rejects.toThrow('fetch failed')
  })

  test('writes each request into its audit log, takes flags, and moves on where its port is taken', async ({
    startPlane,
  }) => {
    const other = createServer()
    const port = await new Promise<number>(resolve => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
    const plane = await startPlane({ audit: true, port, serverFlags: ['--feature-gates=WatchList=false'] })
    other.close()
    expect(plane.access.url).not.toContain(`:${port}`)

    const streamed = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    expect(await plane.request('GET', `/api/v1/pods?${streamed}`)).toMatchObject({ status: 422 })

    await plane.request('GET', '/api/v1/namespaces/kube-system')
    const log = await readFile(plane.access.auditLog ?? '', 'utf8')
    // The last line may be half written.
    const events = log
      .split('\n')
      .slice(0, -1)
      .map(line => event.parse(JSON.parse(line)))
    expect(events).toContainEqual(
      expect.objectContaining({
        verb: 'get',
        level: 'Metadata',
        requestURI: '/api/v1/namespaces/kube-system',
        user: expect.objectContaining({ username: 'admin' }),
      }),
    )
  })

  test('keeps what was stored while the API server is gone and comes back, and says when one ends unasked', async ({
    startPlane,
  }) => {
    const lines: string[] = []
    const plane = await startPlane({ tell: line => lines.push(line) })
    await plane.request('POST', '/api/v1/namespaces', { body: { metadata: { name: 'kept' } } })
    await plane.killServer()
    await expect(plane.request('GET', '/version')).rejects.toThrow('ECONNREFUSED')
    await plane.startServer()
    expect(await plane.request('GET', '/api/v1/namespaces/kept')).toMatchObject({ status: 200 })

    process.kill(plane.pids().etcd, 'SIGKILL')
    await until('word about etcd', async () => lines.some(line => line.includes('etcd was ended by SIGKILL')))
  })
})
