import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect as connectSocket, createServer as createSocketServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { type Connection, type ConnectOptions, connect } from '../../src/cluster/connect/index.ts'
import { systemClock } from '../../src/cluster/given.ts'
import { issueForUser } from '../../src/controlplane/certificates.ts'
import { type FaultProxy, pass, startFaultProxy, statusOf } from './fault-proxy.ts'
import { given, type TestLog, until } from './given.ts'
import { describe, makeName, plane } from './plane.ts'

let proxy: FaultProxy
let log: TestLog
const opened: Connection[] = []
const folder = mkdtempSync(join(tmpdir(), 'tierwall-connect-'))

afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(async () => {
  proxy = await startFaultProxy(plane)
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map(connection => connection.close()))
  await proxy.stop()
})

interface Wanted {
  readonly server?: string
  readonly cluster?: object
  readonly user?: object
  readonly options?: Partial<ConnectOptions>
}

async function open({ server = proxy.url, cluster = {}, user, options = {} }: Wanted = {}): Promise<Connection> {
  const kubeconfig = writeKubeconfig('config', server, cluster, user ?? { token: plane.token })
  const base = given()
  log = base.log
  const connected = await connect({ ...base, userAgent: 'tierwall/test', kubeconfig, ...options })
  if (!connected.ok) throw new Error(connected.failure.kind === 'access' ? connected.failure.message : 'no connection')
  opened.push(connected.connection)
  return connected.connection
}

function writeKubeconfig(name: string, server: string, cluster: object, user: object): string {
  const config = {
    clusters: [{ name: 'plane', cluster: { server, ...cluster } }],
    users: [{ name: 'me', user }],
    contexts: [
      { name: 'main', context: { cluster: 'plane', user: 'me', namespace: 'shop' } },
      { name: 'broken', context: { cluster: 'nowhere', user: 'me' } },
    ],
    'current-context': 'main',
  }
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify(config))
  return file
}

const namespaces = { method: 'GET', path: '/api/v1/namespaces' } as const
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Time that also passes by leaps. */
function skippingClock() {
  let skipped = 0
  const skip = (ms: number) => {
    skipped += ms
  }
  const clock = {
    ...systemClock,
    now: () => systemClock.now() + skipped,
    monotonic: () => systemClock.monotonic() + skipped,
  }
  return { skip, clock }
}

/** A credential plugin that counts its runs and prints what a file says. */
function writePlugin(
  name: string,
  credential: object,
): { exec: object; runs: () => number; print: (other: object) => void } {
  const said = join(folder, `${name}.json`)
  const counted = join(folder, `${name}.runs`)
  const info = join(folder, `${name}.info`)
  const print = (status: object) =>
    writeFileSync(
      said,
      JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }),
    )
  print(credential)
  writeFileSync(counted, '')
  const script = 'sleep 1; echo run >> "$0"; echo "$KUBERNETES_EXEC_INFO" > "$2"; cat "$1"'
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', script, counted, said, info],
      provideClusterInfo: true,
    },
    runs: () => readFileSync(counted, 'utf8').trim().split('\n').filter(Boolean).length,
    print,
  }
}

describe('finding the API server', () => {
  test('speaks TLS with the authority, the server name and the token of the kubeconfig', async () => {
    const connection = await open({ server: plane.url, cluster: { 'certificate-authority-data': base64(plane.ca) } })
    expect(await connection.request(namespaces)).toMatchObject({
      ok: true,
      status: 200,
      body: { kind: 'NamespaceList' },
    })
    expect(connection).toMatchObject({ namespace: 'shop', server: `${plane.url}/` })
    const named = { 'certificate-authority-data': base64(plane.ca), 'tls-server-name': 'somebody.else' }
    const misnamed = await open({ server: plane.url, cluster: named })
    expect(await misnamed.request({ ...namespaces, attempts: 1 })).toMatchObject({
      ok: false,
      failure: { kind: 'network', code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    })
  })

  test('does not trust a server that nobody vouches for, unless the kubeconfig says so', async () => {
    const strict = await open({ server: plane.url })
    expect(await strict.request({ ...namespaces, attempts: 1 })).toMatchObject({ failure: { kind: 'network' } })
    const insecure = await open({ server: plane.url, cluster: { 'insecure-skip-tls-verify': true } })
    expect(await insecure.request(namespaces)).toMatchObject({ ok: true })
  })

  test('reads a certificate authority again that was renewed in its file', async () => {
    const file = join(folder, 'renewed-ca.crt')
    writeFileSync(file, '')
    const connection = await open({ server: plane.url, cluster: { 'certificate-authority': file } })
    expect(await connection.request({ ...namespaces, attempts: 1 })).toMatchObject({ ok: false })
    writeFileSync(file, plane.ca)
    expect(await connection.request(namespaces)).toMatchObject({ ok: true })
  })

  test('merges the files of KUBECONFIG, passes over those that are missing, and lets the first one win', async () => {
    const first = writeKubeconfig('first', proxy.url, {}, { token: plane.token })
    const second = writeKubeconfig('second', 'http://127.0.0.1:1', {}, { token: 'other' })
    const environment = { KUBECONFIG: `${folder}/missing:${first}:${second}` }
    const connected = await connect({ ...given(), userAgent: 'test', environment })
    expect(connected).toMatchObject({ ok: true, connection: { server: `${proxy.url}/` } })
  })

  test.each([
    ['names a context that is not there', { context: 'nope' }, "the kubeconfig has no context 'nope'"],
    ['names a cluster that is not there', { context: 'broken' }, "context 'broken' names cluster 'nowhere'"],
    ['names a file that is not there', { kubeconfig: '/nowhere/config' }, 'no such file'],
    ['finds no kubeconfig at all', { kubeconfig: undefined, environment: { HOME: '/nowhere' } }, 'set KUBECONFIG'],
  ])('says what is wrong when it %s', async (_, options, message) => {
    const kubeconfig = writeKubeconfig('config', proxy.url, {}, {})
    const connected = await connect({ ...given(), userAgent: 'test', kubeconfig, ...options })
    expect(connected).toMatchObject({
      ok: false,
      failure: { kind: 'access', message: expect.stringContaining(message) },
    })
  })
})

describe('a proxy that the kubeconfig names', () => {
  test('is passed through, with TLS to the API server from end to end', async () => {
    const asked: string[] = []
    const tunnel = createServer()
    tunnel.on('connect', ({ url = '' }, socket) => {
      asked.push(url)
      const { hostname, port } = new URL(`http://${url}`)
      const upstream = connectSocket(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        socket.pipe(upstream).pipe(socket)
      })
      for (const end of [socket, upstream]) end.on('error', () => {})
    })
    await new Promise<void>(resolve => tunnel.listen(0, '127.0.0.1', resolve))
    const { port } = tunnel.address() as AddressInfo
    const cluster = { 'certificate-authority-data': base64(plane.ca), 'proxy-url': `http://127.0.0.1:${port}` }
    const connection = await open({ server: plane.url, cluster })
    expect(await connection.request(namespaces)).toMatchObject({ ok: true })
    expect(asked).toEqual([new URL(plane.url).host])
    await connection.close()
    tunnel.closeAllConnections()
    tunnel.close()
  })
})

describe('a request', () => {
  test('comes back with status, body and headers', async () => {
    const connection = await open()
    const reply = await connection.request({ ...namespaces, query: { limit: 1, continue: undefined } })
    expect(reply).toMatchObject({ ok: true, status: 200, body: { items: [{}] } })
    expect(reply.ok && reply.headers['audit-id']).toBeTruthy()
    expect(proxy.seen).toEqual(['GET /api/v1/namespaces?limit=1'])
  })

  test('that is refused comes back as a value that says who refused what', async () => {
    const connection = await open()
    expect(await connection.request({ method: 'GET', path: '/api/v1/namespaces/nope' })).toMatchObject({
      ok: false,
      failure: {
        kind: 'status',
        code: 404,
        reason: 'NotFound',
        message: expect.stringContaining('nope'),
        details: { name: 'nope' },
      },
    })
    expect(proxy.seen).toHaveLength(1)
  })

  test('understands a refusal in plain text, as proxies write it', async () => {
    proxy.decide = () => ({ is: 'answer', status: 404, body: '404 page not found\n' })
    const connection = await open()
    expect(await connection.request(namespaces)).toMatchObject({
      failure: { kind: 'status', code: 404, reason: '', message: '404 page not found' },
    })
  })

  test('whose answer is no JSON comes back as that, without quoting it', async () => {
    proxy.decide = () => ({ is: 'answer', status: 200, body: '{"data": "c2VjcmV0' })
    const reply = await (await open()).request(namespaces)
    expect(reply).toMatchObject({ ok: false, failure: { kind: 'parse' } })
    expect(JSON.stringify(reply)).not.toContain('c2VjcmV0')
  })

  test.each([
    ['is reset', { is: 'reset' }],
    ['is answered with 500', { is: 'answer', status: 500 }],
    ['is answered with 503', { is: 'answer', status: 503 }],
    ['is answered with 429', { is: 'answer', status: 429 }],
  ] as const)('that only reads is sent again when it %s', async (_, fault) => {
    proxy.decide = () => (proxy.seen.length < 3 ? fault : pass)
    expect(await (await open()).request(namespaces)).toMatchObject({ ok: true })
    expect(proxy.seen).toHaveLength(3)
  })

  test('is given up after four attempts', async () => {
    proxy.decide = () => ({ is: 'answer', status: 500 })
    expect(await (await open()).request(namespaces)).toMatchObject({ failure: { kind: 'status', code: 500 } })
    expect(proxy.seen).toHaveLength(4)
  })

  test('that creates is not sent twice, since nobody knows whether the first one arrived', async () => {
    const connection = await open()
    const post = (name: string) =>
      connection.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } })
    const lost = makeName('lost')
    proxy.decide = () => ({ is: 'lose-answer' })
    expect(await post(lost)).toMatchObject({ ok: false, failure: { kind: 'network' } })
    proxy.decide = () => ({ is: 'answer', status: 500 })
    expect(await post(makeName('refused'))).toMatchObject({ ok: false, failure: { code: 500 } })
    expect(proxy.seen).toHaveLength(2)
    proxy.decide = () => (proxy.seen.length < 4 ? { is: 'answer', status: 429 } : pass)
    expect(await post(makeName('welcome'))).toMatchObject({ ok: true, status: 201 })
    expect(await post(lost)).toMatchObject({ ok: false, failure: { code: 409, reason: 'AlreadyExists' } })
  })

  test('waits as long as Retry-After says', async () => {
    proxy.decide = () => (proxy.seen.length < 2 ? { is: 'answer', status: 429, headers: { 'retry-after': '1' } } : pass)
    const connection = await open()
    const before = performance.now()
    expect(await connection.request(namespaces)).toMatchObject({ ok: true })
    expect(performance.now() - before).toBeGreaterThanOrEqual(1_000)
  })

  test('is handed back where Retry-After asks for more patience than a request has', async () => {
    proxy.decide = () => ({ is: 'answer', status: 429, headers: { 'retry-after': '120' } })
    expect(await (await open()).request(namespaces)).toMatchObject({ failure: { code: 429, retryAfter: 120_000 } })
    expect(proxy.seen).toHaveLength(1)
  })

  test('that nobody answers ends when its time is up', async () => {
    proxy.decide = () => ({ is: 'stall' })
    const reply = await (await open()).request({ ...namespaces, timeout: 200, attempts: 1 })
    expect(reply).toEqual({ ok: false, failure: { kind: 'timeout', message: 'no answer within 0.2 s' } })
  })

  test('ends at once when its caller wants no more of it, also between two attempts', async () => {
    const connection = await open()
    proxy.decide = () => ({ is: 'stall' })
    const caller = new AbortController()
    setTimeout(() => caller.abort(), 100)
    const { signal } = caller
    expect(await connection.request({ ...namespaces, signal })).toMatchObject({ failure: { kind: 'cancelled' } })
    const soon = AbortSignal.timeout(100)
    expect(await connection.request({ ...namespaces, signal: soon })).toMatchObject({ failure: { kind: 'timeout' } })
    proxy.decide = () => ({ is: 'answer', status: 429, headers: { 'retry-after': '10' } })
    const before = performance.now()
    await connection.request({ ...namespaces, signal: AbortSignal.timeout(100) })
    expect(performance.now() - before).toBeLessThan(2_000)
  })

  test('keeps its time also while its connection is still being made', async () => {
    const sockets: Socket[] = []
    const silent = createSocketServer(socket => sockets.push(socket))
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    const { port } = silent.address() as AddressInfo
    const connection = await open({ server: `https://127.0.0.1:${port}` })
    const since = performance.now()
    const reply = await connection.request({ ...namespaces, timeout: 200, attempts: 1 })
    expect(reply).toMatchObject({ ok: false, failure: { kind: 'timeout' } })
    // The connection itself would be given up after ten.
    expect(performance.now() - since).toBeLessThan(5_000)
    for (const socket of sockets) socket.destroy()
    silent.close()
  })

  test('never starts at or past its last moment, not even after it waited for a connection', async () => {
    const connection = await open({ options: { connections: 1 } })
    const post = { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: makeName('late') } } } as const
    expect(await connection.request({ ...post, notAfter: systemClock.monotonic() })).toMatchObject({
      failure: { kind: 'late' },
    })
    proxy.decide = ({ method }) => (method === 'GET' ? { is: 'stall' } : pass)
    const stalled = connection.request({ ...namespaces, timeout: 500, attempts: 1 })
    await until(() => proxy.seen.length === 1)
    const queued = connection.request({ ...post, notAfter: systemClock.monotonic() + 200 })
    expect(await stalled).toMatchObject({ failure: { kind: 'timeout' } })
    expect(await queued).toMatchObject({ failure: { kind: 'late' } })
    expect(proxy.seen).toEqual(['GET /api/v1/namespaces'])
    expect(await connection.request({ ...post, notAfter: systemClock.monotonic() + 5_000 })).toMatchObject({ ok: true })
  })

  test('is not sent again where the next attempt would start too late', async () => {
    proxy.decide = () => ({ is: 'answer', status: 429, headers: { 'retry-after': '1' } })
    const reply = await (await open()).request({ ...namespaces, notAfter: systemClock.monotonic() + 500 })
    expect(reply).toMatchObject({ failure: { code: 429 } })
    expect(proxy.seen).toHaveLength(1)
  })

  test('finds the server below a path', async () => {
    proxy.decide = () => ({ is: 'answer', status: 200, body: {} })
    await (await open({ server: `${proxy.url}/k8s/clusters/c-1/` })).request(namespaces)
    expect(proxy.seen).toEqual(['GET /k8s/clusters/c-1/api/v1/namespaces'])
  })

  test('of the Lease gets through while all other connections are busy', async () => {
    const connection = await open({ options: { connections: 2 } })
    proxy.decide = (_, path) => (path.endsWith('/namespaces') ? { is: 'stall' } : pass)
    const busy = [1, 2, 3].map(() => connection.request({ ...namespaces, timeout: 1_500, attempts: 1 }))
    await until(() => proxy.seen.length === 2)
    const version = await connection.requestForLease({ method: 'GET', path: '/version', timeout: 1_000, attempts: 1 })
    expect(version).toMatchObject({ ok: true })
    await Promise.all(busy)
  })

  test('tells the metrics what came of each attempt', async () => {
    const attempts: string[] = []
    proxy.decide = () =>
      [{ is: 'answer', status: 503 } as const, { is: 'reset' } as const, pass][proxy.seen.length - 1] ?? pass
    await (
      await open({ options: { onAttempt: ({ method, result }) => attempts.push(`${method} ${result}`) } })
    ).request(namespaces)
    expect(attempts).toEqual(['GET 503', 'GET network', 'GET 200'])
  })
})

describe('credentials', () => {
  test('from a plugin are fetched once, however many ask at the same time', async () => {
    const { exec, runs } = writePlugin('single', { token: plane.token })
    const connection = await open({ user: { exec } })
    const replies = await Promise.all(Array.from({ length: 20 }, () => connection.request(namespaces)))
    expect(replies.every(reply => reply.ok)).toBe(true)
    expect(runs()).toBe(1)
    const info = JSON.parse(readFileSync(join(folder, 'single.info'), 'utf8'))
    expect(info).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: `${proxy.url}/` } },
    })
  })

  test('from a plugin are fetched anew before they expire', async () => {
    const soon = new Date(Date.now() + 6_000).toISOString()
    const { exec, runs } = writePlugin('expiring', { token: plane.token, expirationTimestamp: soon })
    const connection = await open({ user: { exec } })
    await connection.request(namespaces)
    await connection.request(namespaces)
    expect(runs()).toBe(1)
    await until(() => Date.now() > Date.parse(soon) - 300)
    expect(await connection.request(namespaces)).toMatchObject({ ok: true })
    // Nobody waits for the plugin, which takes a second, while the old one is good.
    expect(runs()).toBe(1)
    await until(() => runs() === 2, 5_000)
  })

  test('that the server refuses are fetched anew, once', async () => {
    const { exec, runs, print } = writePlugin('refused', { token: 'expired-token' })
    const { clock, skip } = skippingClock()
    const connection = await open({ user: { exec }, options: { clock } })
    expect(await connection.request(namespaces)).toMatchObject({ failure: { code: 401 } })
    skip(60_000)
    expect(await connection.request(namespaces)).toMatchObject({ failure: { code: 401 } })
    expect(runs()).toBe(2)
    print({ token: plane.token })
    skip(60_000)
    expect(await connection.request(namespaces)).toMatchObject({ ok: true })
    expect(runs()).toBe(3)
  })

  test('that were only just fetched and are refused do not make the plugin run for each request', async () => {
    const { exec, runs } = writePlugin('hammered', { token: 'expired-token' })
    const connection = await open({ user: { exec } })
    for (let tries = 0; tries < 5; tries++) await connection.request(namespaces)
    expect(runs()).toBe(1)
  })

  test('from a token file are read anew when the server refuses the old ones', async () => {
    const { clock, skip } = skippingClock()
    const tokenFile = join(folder, 'token')
    writeFileSync(tokenFile, 'old-token\n')
    const connection = await open({
      user: { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } },
      options: { clock },
    })
    expect(await connection.request(namespaces)).toMatchObject({ failure: { code: 401 } })
    writeFileSync(tokenFile, `${plane.token}\n`)
    skip(10_000)
    expect(await connection.request(namespaces)).toMatchObject({ ok: true })
    expect(proxy.authorizations.at(-1)).toBe(`Bearer ${plane.token}`)
  })

  test('from a plugin may be a certificate, and a new one takes new connections', async () => {
    const issue = async (user: string) => {
      const { certificate, key } = await issueForUser(plane.authority, { user, groups: ['system:masters'] })
      return { clientCertificateData: certificate, clientKeyData: key }
    }
    const { clock, skip } = skippingClock()
    const first = { ...(await issue('first')), expirationTimestamp: new Date(Date.now() + 3_600_000).toISOString() }
    const { exec, print } = writePlugin('certificate', first)
    const cluster = { 'certificate-authority-data': base64(plane.ca) }
    const connection = await open({ server: plane.url, cluster, user: { exec }, options: { clock } })
    const whoAmI = async () => {
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
      const reply = await connection.request({ method: 'POST', path, body: {} })
      return reply.ok ? reply.body : reply
    }
    expect(await whoAmI()).toMatchObject({ status: { userInfo: { username: 'first' } } })
    print(await issue('second'))
    skip(3_600_000)
    expect(await whoAmI()).toMatchObject({ status: { userInfo: { username: 'second' } } })
  })

  test('may be a certificate of the kubeconfig', async () => {
    const { certificate, key } = await issueForUser(plane.authority, { user: 'cert', groups: ['system:masters'] })
    const user = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) }
    const connection = await open({
      server: plane.url,
      cluster: { 'certificate-authority-data': base64(plane.ca) },
      user,
    })
    expect(await connection.request(namespaces)).toMatchObject({ ok: true })
  })

  test('are read from the token file that the kubeconfig names', async () => {
    writeFileSync(join(folder, 'relative-token'), plane.token)
    const connection = await open({ user: { tokenFile: 'relative-token' } })
    expect(await connection.request(namespaces)).toMatchObject({ ok: true })
  })

  test('in a kubeconfig that cannot be read are not shown', async () => {
    const kubeconfig = join(folder, 'broken')
    writeFileSync(kubeconfig, `users:\n- name: me\n  user: {token: "${plane.token}\n`)
    const connected = await connect({ ...given(), userAgent: 'test', kubeconfig })
    expect(connected).toMatchObject({ ok: false, failure: { message: expect.stringContaining('cannot be read') } })
    expect(JSON.stringify(connected)).not.toContain(plane.token)
  })

  test('that take their time do not hold up a request beyond its own', async () => {
    const { exec } = writePlugin('slow', { token: plane.token })
    const connection = await open({ user: { exec } })
    const reply = await connection.request({ ...namespaces, timeout: 50, attempts: 1 })
    expect(reply).toMatchObject({ ok: false, failure: { kind: 'timeout' } })
    expect(await connection.request(namespaces)).toMatchObject({ ok: true })
  })

  test.each([
    ['does not start', { command: '/nowhere/plugin' }, 'did not start'],
    ['fails', { command: 'sh', args: ['-c', 'echo c2VjcmV0; exit 3'] }, 'ended with 3'],
    ['prints something else', { command: 'echo', args: ['c2VjcmV0'] }, 'printed no JSON'],
    ['prints no token', { command: 'echo', args: ['{"status": {"secret": "c2VjcmV0"}}'] }, 'neither a token'],
  ])(
    'that a plugin owes us because it %s are a failure as a value, without what it printed',
    async (_, plugin, message) => {
      const connection = await open({ user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', ...plugin } } })
      const reply = await connection.request(namespaces)
      expect(reply).toMatchObject({ failure: { kind: 'access', message: expect.stringContaining(message) } })
      expect(JSON.stringify(reply) + log.text).not.toContain('c2VjcmV0')
      expect(proxy.seen).toEqual([])
    },
  )

  test('appear in no failure and no line of the log', async () => {
    const connection = await open()
    proxy.decide = () =>
      [{ is: 'reset' } as const, { is: 'answer', status: 500 } as const, { is: 'stall' } as const][
        proxy.seen.length % 3
      ] ?? pass
    const replies = [
      await connection.request({ ...namespaces, timeout: 200 }),
      await connection.request({ method: 'POST', path: '/api/v1/namespaces', body: {}, timeout: 200 }),
    ]
    expect(log.lines.length).toBeGreaterThan(0)
    expect(JSON.stringify(replies) + log.text).not.toContain(plane.token)
  })

  test('may say on whose behalf they act', async () => {
    const connection = await open({ user: { token: plane.token, as: 'nobody-in-particular' } })
    expect(await connection.request(namespaces)).toMatchObject({
      failure: { code: 403, message: expect.stringContaining('nobody-in-particular') },
    })
  })
})

describe('a watch', () => {
  test('hands over each line as it comes and ends in good order when the server ends it', async () => {
    const connection = await open()
    const lines: unknown[] = []
    const query = {
      watch: true,
      timeoutSeconds: 1,
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
    }
    const { signal } = new AbortController()
    const end = await connection.watch({
      path: '/api/v1/namespaces',
      query,
      signal,
      onOpen: () => {},
      onLine: line => lines.push(line),
    })
    expect(end).toBeUndefined()
    expect(lines).toContainEqual(expect.objectContaining({ type: 'BOOKMARK' }))
  })

  test('that is cut, refused or garbled ends with a failure as a value', async () => {
    const connection = await open()
    const watch = (onOpen = () => {}) =>
      connection.watch({
        path: '/api/v1/namespaces',
        query: { watch: true, timeoutSeconds: 30 },
        signal: new AbortController().signal,
        onOpen,
        onLine: () => {},
      })
    expect(await watch(() => proxy.resetAll())).toMatchObject({ kind: 'network' })
    proxy.tamper = (_, chunk) => Buffer.from(chunk.toString().replaceAll('"', "'"))
    expect(await watch()).toMatchObject({ kind: 'parse' })
    proxy.decide = () => ({ is: 'answer', status: 410, body: statusOf(410, 'Expired') })
    expect(await watch()).toMatchObject({ kind: 'status', code: 410, reason: 'Expired' })
  })
})
