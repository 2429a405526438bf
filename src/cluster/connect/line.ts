/** What a connection does: presents who we are, keeps time, and tries again what may be tried again. */
import type { Dispatcher } from 'undici'
import { type Failure, isStatus } from '../failure.ts'
import { sleep } from '../given.ts'
import type { ConnectOptions, Query, Reply, Request, WatchEnd, WatchRequest } from './connection.ts'
import { type Credential, type CredentialReply, type Credentials, keepCredentials } from './credentials.ts'
import {
  type Answer,
  exchange,
  isSuccess,
  parseJson,
  readError,
  readRefusal,
  type Sent,
  type Stream,
  TimedOut,
} from './exchange.ts'
import { LineReader } from './lines.ts'
import { closePools, destroyPools, openPools, type Pools } from './pools.ts'
import { mostAttempts, waitBeforeRetry } from './retry.ts'
import type { Target, TargetOptions } from './target.ts'

const ordinaryTimeout = 30_000

type Choose = (pools: Pools) => Dispatcher
type Result = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly failure: Failure }

export class Line {
  readonly #target: Target
  readonly #options: Omit<ConnectOptions, keyof TargetOptions>
  readonly #credentials: Credentials
  #pools: Pools
  #certificate: Credential['certificate']

  constructor(target: Target, options: Omit<ConnectOptions, keyof TargetOptions>) {
    this.#target = target
    this.#options = options
    this.#credentials = keepCredentials(target, options.clock)
    this.#pools = this.#openPools()
  }

  async request(request: Request, choose: Choose): Promise<Reply> {
    const { clock, random, log } = this.#options
    const { method, path, attempts: most = mostAttempts, signal, notAfter } = request
    for (let attempts = 1; ; attempts++) {
      const reply = await this.#attempt(request, choose)
      if (reply.ok || attempts >= most) return reply
      const wait = waitBeforeRetry(reply.failure, method, attempts, random)
      if (wait === undefined || (notAfter !== undefined && clock.monotonic() + wait >= notAfter)) return reply
      log.debug({ method, path, failure: reply.failure.kind, wait }, 'a request failed and is sent again')
      await sleep(clock, wait, signal)
      if (signal?.aborted) return reply
    }
  }

  async watch({ path, query, signal, onOpen, onLine }: WatchRequest): Promise<WatchEnd> {
    const limit = this.#limit(signal, ordinaryTimeout)
    const reader = new LineReader(onLine)
    const stream: Stream = {
      onOpen: () => {
        limit.lift()
        onOpen()
      },
      take: piece => reader.read(piece),
    }
    const sent = { method: 'GET', path: writePath(path, query), signal: limit.signal } as const
    const result = await this.#exchange(sent, ({ watches }) => watches, stream).finally(limit.end)
    return result.ok ? undefined : result.failure
  }

  async close(): Promise<void> {
    await destroyPools(this.#pools)
  }

  async #attempt(request: Request, choose: Choose): Promise<Reply> {
    const { clock, onAttempt } = this.#options
    const { method, path, query, body, contentType = 'application/json', timeout = ordinaryTimeout, notAfter } = request
    const started = clock.monotonic()
    const limit = this.#limit(request.signal, timeout)
    const sent = {
      method,
      path: writePath(path, query),
      ...(body !== undefined && { body: JSON.stringify(body), contentType }),
      signal: limit.signal,
      notAfter,
    }
    const reply = await this.#readReply(sent, choose).finally(limit.end)
    const result = reply.ok ? String(reply.status) : nameResult(reply.failure)
    onAttempt?.({ method, result, seconds: (clock.monotonic() - started) / 1_000 })
    return reply
  }

  async #readReply(sent: Unsigned, choose: Choose): Promise<Reply> {
    const result = await this.#exchange(sent, choose)
    if (!result.ok) return result
    const { status, headers, text } = result.answer
    const parsed = parseJson(text)
    return parsed.ok ? { ok: true, status, body: parsed.json, headers } : parsed
  }

  /** On 401 once more, with a credential that was fetched anew. */
  async #exchange(sent: Unsigned, choose: Choose, stream?: Stream): Promise<Result> {
    for (let refusals = 0; ; refusals++) {
      const reply = await untilAborted(this.#credentials.current(), sent.signal)
      if (!reply.ok) return reply
      const { credential } = reply
      this.#present(credential.certificate)
      const result = await this.#exchangeAs(credential, sent, choose, stream)
      if (result.ok || !isStatus(result.failure, 401) || refusals > 0) return result
      if (!this.#credentials.refuse(credential)) return result
    }
  }

  async #exchangeAs(credential: Credential, sent: Unsigned, choose: Choose, stream?: Stream): Promise<Result> {
    const { clock, userAgent } = this.#options
    const { server } = this.#target
    const { contentType, path, ...rest } = sent
    const signed: Sent = {
      ...rest,
      origin: server.origin,
      // The server may stand below a path, behind a proxy such as Rancher's.
      path: server.pathname === '/' ? path : server.pathname.replace(/\/$/, '') + path,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...credential.headers,
      },
    }
    try {
      const answer = await exchange(choose(this.#pools), clock, signed, stream)
      if (isSuccess(answer)) return { ok: true, answer }
      return { ok: false, failure: readRefusal(answer, clock) }
    } catch (error) {
      return { ok: false, failure: readError(error, sent.signal) }
    }
  }

  /** A new client certificate takes new connections. */
  #present(certificate: Credential['certificate']): void {
    if (certificate?.cert === this.#certificate?.cert) return
    this.#certificate = certificate
    closePools(this.#pools)
    this.#pools = this.#openPools()
  }

  #openPools(): Pools {
    return openPools(this.#target, this.#certificate, this.#options.connections ?? 16)
  }

  /** Aborts when the caller does or when time is up, until it is lifted. */
  #limit(signal: AbortSignal | undefined, timeout: number) {
    const controller = new AbortController()
    const follow = () => controller.abort(signal?.reason)
    const lift = this.#options.clock.after(timeout, () =>
      controller.abort(new TimedOut(`no answer within ${timeout / 1_000} s`)),
    )
    if (signal?.aborted) follow()
    signal?.addEventListener('abort', follow)
    const end = () => {
      lift()
      signal?.removeEventListener('abort', follow)
    }
    return { signal: controller.signal, lift, end }
  }
}

type Unsigned = Omit<Sent, 'origin' | 'headers'> & { readonly contentType?: string }

/** A credential plugin takes the time that it takes, the request does not. */
async function untilAborted(
  reply: CredentialReply | Promise<CredentialReply>,
  signal: AbortSignal,
): Promise<CredentialReply> {
  if (!(reply instanceof Promise)) return reply
  const aborted = Promise.withResolvers<CredentialReply>()
  const abort = () => aborted.resolve({ ok: false, failure: readError(signal.reason, signal) })
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort)
  return Promise.race([reply, aborted.promise]).finally(() => signal.removeEventListener('abort', abort))
}

function nameResult(failure: Failure): string {
  return failure.kind === 'status' ? String(failure.code) : failure.kind
}

function writePath(path: string, query: Query = {}): string {
  const written = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) written.set(key, String(value))
  return written.size === 0 ? path : `${path}?${written}`
}
