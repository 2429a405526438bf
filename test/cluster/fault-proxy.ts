/** Stands between the transport and the real API server, passes everything on, and fails in the way it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as forward } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

export type Fault =
  /** To another path than was asked for, where one is given. */
  | { readonly is: 'pass'; readonly path?: string }
  | {
      readonly is: 'answer'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: unknown
    }
  /** Before anything is passed on. */
  | { readonly is: 'reset' }
  /** The API server acts, but its answer never arrives. */
  | { readonly is: 'lose-answer' }
  | { readonly is: 'stall' }

export interface FaultProxy {
  readonly url: string
  /** What came in, oldest first: `GET /api/v1/pods?limit=500`. */
  readonly seen: string[]
  readonly bodies: string[]
  readonly authorizations: (string | undefined)[]
  /** Asked for each request; the default passes it on. */
  decide: (request: IncomingMessage, path: string) => Fault
  /** Whether a chunk of an answer goes through. */
  tamper: (path: string, chunk: Buffer) => Buffer
  /** Cuts every connection. */
  readonly resetAll: () => void
  /** The connections stay open, but nothing goes through any more; new ones work. */
  readonly freeze: () => void
  readonly connections: () => number
  readonly stop: () => Promise<void>
}

export const pass: Fault = { is: 'pass' }

export async function startFaultProxy(target: { readonly url: string; readonly ca: string }): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  const frozen = new WeakSet<Socket>()
  const server = createServer((incoming, answer) => handle(incoming, answer))
  server.keepAliveTimeout = 120_000
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    seen: [],
    bodies: [],
    authorizations: [],
    decide: () => pass,
    tamper: (_path, chunk) => chunk,
    resetAll: () => {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    freeze: () => {
      for (const socket of sockets) frozen.add(socket)
    },
    connections: () => sockets.size,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }

  function handle(incoming: IncomingMessage, answer: ServerResponse): void {
    const path = incoming.url ?? ''
    proxy.seen.push(`${incoming.method} ${path}`)
    proxy.authorizations.push(incoming.headers.authorization)
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks)
      proxy.bodies.push(body.toString())
      if (frozen.has(incoming.socket)) return
      const fault = proxy.decide(incoming, path)
      if (fault.is === 'stall') return
      if (fault.is === 'reset') incoming.socket.resetAndDestroy()
      else if (fault.is === 'answer') {
        const text = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? statusOf(fault.status))
        answer.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(text)
      } else {
        const to = fault.is === 'pass' ? (fault.path ?? path) : path
        passOn(incoming, answer, to, body, fault.is === 'lose-answer')
      }
    })
  }

  function passOn(incoming: IncomingMessage, answer: ServerResponse, path: string, body: Buffer, lose: boolean): void {
    const { url: upstream, ca } = target
    const options = { method: incoming.method, headers: { ...incoming.headers, host: new URL(upstream).host }, ca }
    const outgoing = forward(upstream + path, options, real => {
      if (lose) {
        real.resume()
        real.on('end', () => incoming.socket.resetAndDestroy())
        return
      }
      answer.writeHead(real.statusCode ?? 500, real.headers)
      answer.flushHeaders()
      real.on('data', (chunk: Buffer) => {
        if (!frozen.has(incoming.socket)) answer.write(proxy.tamper(path, chunk))
      })
      real.on('end', () => {
        if (!frozen.has(incoming.socket)) answer.end()
      })
      real.on('error', () => incoming.socket.destroy())
    })
    outgoing.on('error', () => incoming.socket.destroy())
    answer.on('close', () => outgoing.destroy())
    outgoing.end(body)
  }
  return proxy
}

export function statusOf(code: number, reason = '', message = `made up by the proxy: ${code}`): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message }
}
