/** A small HTTP server for a few pages that are only read. No request can break it, hold it up or outlive it for long. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Clock, Log } from '../../cluster/index.ts'

export interface Page {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

export interface ServerOptions {
  readonly clock: Clock
  readonly log: Log
  /** Without it, all addresses of this machine. */
  readonly host?: string | undefined
  /** 0 is any that is free. */
  readonly port: number
  readonly pages: Readonly<Record<string, () => Page | Promise<Page>>>
  readonly limits?: Partial<Limits> | undefined
}

/** Milliseconds. */
export interface Limits {
  readonly headers: number
  readonly request: number
  /** Of a connection on which something should come or go. */
  readonly silence: number
  /** For writing a page. */
  readonly page: number
  /** For those who are connected when the server stops. */
  readonly farewell: number
}

/** Nobody who reads these pages waits for longer than a scrape's ten seconds. */
const ordinary: Limits = { headers: 5_000, request: 10_000, silence: 15_000, page: 5_000, farewell: 2_000 }

export interface Running {
  readonly port: number
  readonly stop: () => Promise<void>
}

export type Started = { readonly ok: true; readonly server: Running } | { readonly ok: false; readonly because: string }

export async function startServer(options: ServerOptions): Promise<Started> {
  const { clock, log, host, port } = options
  const limits = { ...ordinary, ...options.limits }
  const server = createServer(
    {
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      keepAliveTimeout: limits.request,
      // How often the two limits above are looked at.
      connectionsCheckingInterval: limits.headers / 2,
    },
    (request, response) => {
      answer(request, response, { ...options, limits, isLast: () => !server.listening }).catch(error => {
        log.error({ path: request.url, error: String(error) }, 'a page could not be sent')
        response.destroy()
      })
    },
  )
  // Who does not read what was asked for is hung up on.
  server.setTimeout(limits.silence)
  const failed = await listen(server, port, host)
  if (failed) return { ok: false, because: `cannot listen on port ${port}: ${failed.message}` }
  server.on('error', error => log.error({ error: String(error) }, 'the server of health and metrics failed'))
  const address = server.address()
  const taken = typeof address === 'object' && address ? address.port : port
  return { ok: true, server: { port: taken, stop: () => stop(server, clock, limits.farewell) } }
}

function listen(server: Server, port: number, host: string | undefined): Promise<Error | undefined> {
  return new Promise(resolve => {
    server.once('error', resolve)
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', resolve)
      resolve(undefined)
    })
  })
}

/** What is being answered is answered, but nobody is waited for who is slow. */
async function stop(server: Server, clock: Clock, farewell: number): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  const cancel = clock.after(farewell, () => server.closeAllConnections())
  await closed
  cancel()
}

const plain = 'text/plain; charset=utf-8'

interface Answering extends ServerOptions {
  readonly limits: Limits
  /** Nothing more is answered on this connection. */
  readonly isLast: () => boolean
}

async function answer(request: IncomingMessage, response: ServerResponse, options: Answering): Promise<void> {
  const { status, contentType, text } = await choosePage(request, options)
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
    // What is sent with other methods is not read.
    ...(status === 405 || options.isLast() ? { connection: 'close' } : {}),
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}

async function choosePage({ url = '', method = '' }: IncomingMessage, options: Answering): Promise<Page> {
  const [path = ''] = url.split('?', 1)
  const write = Object.hasOwn(options.pages, path) ? options.pages[path] : undefined
  if (!write) return { status: 404, contentType: plain, text: 'not found\n' }
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, contentType: plain, text: 'only GET and HEAD\n' }
  return writeInTime(path, write, options)
}

async function writeInTime(
  path: string,
  write: () => Page | Promise<Page>,
  { clock, log, limits }: Answering,
): Promise<Page> {
  let cancel = () => {}
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(limits.page, () => reject(new Error(`took more than ${limits.page / 1_000} s`)))
  })
  try {
    return await Promise.race([write(), late])
  } catch (error) {
    log.error({ path, error: String(error) }, 'a page could not be written')
    return { status: 500, contentType: plain, text: 'this page could not be written\n' }
  } finally {
    cancel()
  }
}

export function plainPage(ok: boolean, text: string): Page {
  return { status: ok ? 200 : 503, contentType: plain, text }
}
