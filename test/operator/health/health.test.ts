import { connect, type Socket } from 'node:net'
import { request } from 'undici'
import { afterEach, describe, expect, test } from 'vitest'
import { type HealthOptions, type HealthServers, serveHealth } from '../../../src/operator/health/index.ts'
import { given, until } from '../../cluster/given.ts'

const running: HealthServers[] = []
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await Promise.all(running.splice(0).map(servers => servers.stop()))
})

const good = () => ({ ok: true, because: '' })

async function start(more: Partial<HealthOptions> = {}) {
  const { clock, log } = given()
  const reply = await serveHealth({
    clock,
    log,
    host: '127.0.0.1',
    healthPort: 0,
    metricsPort: 0,
    limits: { page: 500, headers: 500, request: 1_000, farewell: 500 },
    alive: { loop: good },
    ready: { caches: good },
    writeMetrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'a 1\n' }),
    ...more,
  })
  if (!reply.ok) throw new Error(reply.because)
  running.push(reply.servers)
  return { ...reply.servers, log }
}

async function ask(
  port: number | undefined,
  path: string,
  method: 'GET' | 'HEAD' | 'POST' | 'DELETE' = 'GET',
  body?: string,
) {
  const answer = await request(`http://127.0.0.1:${port}${path}`, { method, ...(body === undefined ? {} : { body }) })
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() }
}

/** Bytes as they are, and what came back until the server hung up. */
function speak(
  port: number | undefined,
  text: string,
): { readonly socket: Socket; readonly heard: () => string; readonly over: () => boolean } {
  const socket = connect({ port: port ?? 0, host: '127.0.0.1' })
  sockets.push(socket)
  let heard = ''
  let over = false
  socket.on('data', chunk => {
    heard += String(chunk)
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    over = true
  })
  socket.write(text)
  return { socket, heard: () => heard, over: () => over }
}

describe('the health pages', () => {
  test('name each check, and answer 200 as long as all of them hold', async () => {
    const { healthPort } = await start({ ready: { caches: good, leader: good } })
    expect(await ask(healthPort, '/healthz')).toMatchObject({ status: 200, text: '[+]loop ok\n' })
    expect(await ask(healthPort, '/readyz?verbose')).toMatchObject({
      status: 200,
      text: '[+]caches ok\n[+]leader ok\n',
    })
  })

  test('answer 503 and say why as soon as one does not hold', async () => {
    const ready = { caches: () => ({ ok: false, because: 'deployments\nare not listed' }), leader: good }
    const { healthPort } = await start({ ready })
    expect(await ask(healthPort, '/readyz')).toMatchObject({
      status: 503,
      text: '[-]caches failed: deployments\\u000aare not listed\n[+]leader ok\n',
    })
    expect(await ask(healthPort, '/healthz')).toMatchObject({ status: 200 })
  })

  test('take a check that throws for one that failed', async () => {
    const alive = {
      loop: () => {
        throw new Error('a mistake')
      },
    }
    const { healthPort } = await start({ alive })
    expect(await ask(healthPort, '/healthz')).toMatchObject({ status: 503, text: '[-]loop failed: Error: a mistake\n' })
  })

  test('ask their checks anew each time, and are not kept by anybody', async () => {
    let ok = true
    const { healthPort } = await start({ alive: { loop: () => ({ ok, because: 'stuck' }) } })
    const before = await ask(healthPort, '/healthz')
    ok = false
    expect([before.status, (await ask(healthPort, '/healthz')).status]).toEqual([200, 503])
    expect(before.headers['cache-control']).toBe('no-store')
  })

  test.each(['POST', 'DELETE'] as const)('are only read: %s is refused', async method => {
    const { healthPort } = await start()
    const answer = await ask(healthPort, '/healthz', method, 'x'.repeat(1_000_000)).catch(() => undefined)
    expect(answer?.status ?? 405).toBe(405)
    expect(await ask(healthPort, '/healthz')).toMatchObject({ status: 200 })
  })

  test('hang up on who goes on sending what nobody reads', async () => {
    const { healthPort } = await start({ limits: { request: 60_000 } })
    const endless = speak(healthPort, 'POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nx')
    await until(endless.over, 2_000)
    expect(endless.heard()).toMatch(/^HTTP\/1\.1 405 .*\r\nallow: GET, HEAD\r\n/is)
  })

  test('answer HEAD without a body', async () => {
    const { healthPort } = await start()
    expect(await ask(healthPort, '/healthz', 'HEAD')).toMatchObject({ status: 200, text: '' })
  })

  test.each(['/', '/metrics', '/healthz/', '/__proto__', '/constructor', '//', '/%00', '/healthz/../readyz%2f'])(
    'are all there is: %s is not found',
    async path => {
      const { healthPort } = await start()
      const raw = speak(healthPort, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
      await until(raw.over)
      expect(raw.heard()).toMatch(/^HTTP\/1\.1 404 /)
    },
  )
})

describe('the metrics page', () => {
  test('stands on a port of its own, in the type that it has', async () => {
    const { metricsPort, healthPort } = await start()
    const page = await ask(metricsPort, '/metrics')
    expect(page).toMatchObject({ status: 200, text: 'a 1\n' })
    expect(page.headers['content-type']).toBe('text/plain; version=0.0.4')
    expect(await ask(metricsPort, '/healthz')).toMatchObject({ status: 404 })
    expect(metricsPort).not.toBe(healthPort)
  })

  test.each([
    ['fails', async () => Promise.reject(new Error('secret detail'))],
    ['never comes', () => new Promise<never>(() => {})],
  ])('that %s is a 500 without details, and the next one is served', async (_, broken) => {
    let calls = 0
    const { metricsPort, log } = await start({
      writeMetrics: () => (calls++ === 0 ? broken() : Promise.resolve({ contentType: 'text/plain', text: 'b 1\n' })),
    })
    const first = await ask(metricsPort, '/metrics')
    expect(first.status).toBe(500)
    expect(first.text).not.toContain('secret')
    expect(log.text).toContain('a page could not be written')
    expect(await ask(metricsPort, '/metrics')).toMatchObject({ status: 200, text: 'b 1\n' })
  })
})

describe('the servers', () => {
  test('may each be left out', async () => {
    expect(await start({ metricsPort: undefined })).toMatchObject({
      metricsPort: undefined,
      healthPort: expect.any(Number),
    })
    expect(await start({ healthPort: undefined })).toMatchObject({
      healthPort: undefined,
      metricsPort: expect.any(Number),
    })
    expect(await start({ healthPort: undefined, metricsPort: undefined })).toMatchObject({ healthPort: undefined })
  })

  test('say as a value that a port is taken, and leave nothing listening', async () => {
    const { healthPort } = await start()
    const { clock, log } = given()
    const free = (await start({ metricsPort: undefined })).healthPort
    const [last] = running.splice(-1)
    await last?.stop()
    const options = { clock, log, host: '127.0.0.1', alive: {}, ready: {}, writeMetrics: () => Promise.reject() }
    const reply = await serveHealth({ ...options, healthPort: free, metricsPort: healthPort })
    expect(reply).toEqual({ ok: false, because: expect.stringContaining(`cannot listen on port ${healthPort}`) })
    await expect(ask(free, '/healthz')).rejects.toThrow()
  })

  test('live through nonsense, through who hangs up, and through who asks for other protocols', async () => {
    const { healthPort } = await start()
    const nonsense = ['\u0000\u0001\u0002', 'GET', 'GET / HTTP/9.9\r\n\r\n', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n']
    const upgrade = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
    const long = `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`
    for (const text of [...nonsense, upgrade, long, 'GET /healthz HTTP/1.1\r\n\r\n', '\r\n'.repeat(1_000)])
      speak(healthPort, text).socket.end()
    for (let times = 0; times < 20; times++)
      speak(healthPort, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n').socket.destroy()
    expect(await ask(healthPort, '/healthz')).toMatchObject({ status: 200 })
  })

  test('hang up on who does not finish asking', async () => {
    const { healthPort } = await start()
    const slow = [speak(healthPort, 'GET /healthz HTTP/1.1\r\nHost: x\r\n'), speak(healthPort, 'G')]
    const began = performance.now()
    await until(() => slow.every(({ over }) => over()))
    expect(performance.now() - began).toBeGreaterThan(400)
    expect(await ask(healthPort, '/healthz')).toMatchObject({ status: 200 })
  })

  test('hang up on who does not read what was asked for', async () => {
    const text = 'x 1\n'.repeat(4_000_000)
    const { metricsPort } = await start({
      writeMetrics: async () => ({ contentType: 'text/plain', text }),
      limits: { silence: 100 },
    })
    const { socket, over } = speak(metricsPort, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    socket.pause()
    // A socket that is paused does not hear that it was closed.
    setTimeout(() => socket.resume(), 2_000)
    await until(over)
    expect(socket.bytesRead).toBeLessThan(text.length)
  })

  test('finish what they are answering when they stop, and then answer nobody', async () => {
    const { promise, resolve } = Promise.withResolvers<{ contentType: string; text: string }>()
    let asked = false
    const { metricsPort, stop } = await start({
      limits: { farewell: 10_000 },
      writeMetrics: () => {
        asked = true
        return promise
      },
    })
    const answer = speak(metricsPort, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(() => asked)
    const began = performance.now()
    const stopped = stop()
    resolve({ contentType: 'text/plain', text: 'late 1\n' })
    await stopped
    await until(answer.over)
    expect(answer.heard()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nlate 1\n$/s)
    expect(performance.now() - began).toBeLessThan(5_000)
    await expect(ask(metricsPort, '/metrics')).rejects.toThrow()
  })

  test('stop within seconds, whoever is still connected and silent', async () => {
    const { healthPort, stop } = await start()
    const silent = [
      speak(healthPort, ''),
      speak(healthPort, 'GET /heal'),
      speak(healthPort, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'),
    ]
    await until(() => silent[2]?.heard().includes('[+]') ?? false)
    const began = performance.now()
    await stop()
    expect(performance.now() - began).toBeLessThan(2_000)
    await until(() => silent.every(({ over }) => over()))
  })
})
