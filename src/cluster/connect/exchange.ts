/** One request on one connection: what is sent, and what came back or went wrong. */
import type { Dispatcher } from 'undici'
import { isRecord } from '../../api/record.ts'
import { type Failure, messageOf, readStatus } from '../failure.ts'
import type { Clock } from '../given.ts'

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** Ends the exchange, whatever it is doing. */
  readonly signal: AbortSignal
  /** Monotonic. A request that waited for a connection longer than this is never written to it. */
  readonly notAfter?: number | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The body, unless it was streamed. */
  readonly text: string
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Takes the body of a success piece by piece, as it comes. */
export interface Stream {
  readonly onOpen: () => void
  /** What it throws ends the exchange. */
  readonly take: (piece: Buffer) => void
}

class Late extends Error {}

/** Answers when all of it is there. Errors of undici come out as they are: `readError` says what they mean. */
export function exchange(dispatcher: Dispatcher, clock: Clock, sent: Sent, stream?: Stream): Promise<Answer> {
  const { notAfter, signal, body = null, ...rest } = sent
  if (signal.aborted) return Promise.reject(signal.reason)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  let started: Dispatcher.DispatchController | undefined
  let head: Omit<Answer, 'text'> | undefined
  const pieces: Buffer[] = []
  let take = (piece: Buffer): void => void pieces.push(piece)
  // Also while it waits for a connection, which undici itself does not let go of.
  const abort = () => {
    started?.abort(asError(signal.reason))
    reject(signal.reason)
  }
  const handler: Dispatcher.DispatchHandler = {
    // The last moment before the first byte leaves; what it throws ends the request.
    onRequestStart(controller) {
      if (signal.aborted) throw asError(signal.reason)
      if (notAfter !== undefined && clock.monotonic() >= notAfter)
        throw new Late('it was too late to start this request')
      started = controller
    },
    onResponseStart(_, status, headers) {
      if (status < 200) return
      head = { status, headers }
      if (stream === undefined || !isSuccess(head)) return
      take = stream.take
      stream.onOpen()
    },
    onResponseData: (_, piece) => take(piece),
    onResponseEnd() {
      if (head) resolve({ ...head, text: Buffer.concat(pieces).toString('utf8') })
      else reject(new Error('the answer has no head'))
    },
    onResponseError: (_, error) => reject(error),
  }
  signal.addEventListener('abort', abort)
  dispatcher.dispatch({ ...rest, body }, handler)
  return promise.finally(() => signal.removeEventListener('abort', abort))
}

export const isSuccess = ({ status }: Pick<Answer, 'status'>) => status < 300

const asError = (reason: unknown) => (reason instanceof Error ? reason : new Error(messageOf(reason)))

/** Why the signal of an exchange was aborted. */
export class TimedOut extends Error {}

export function readError(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Late) return { kind: 'late', message: error.message }
  if (error instanceof SyntaxError) return { kind: 'parse', message: 'a line of the watch is no JSON' }
  if (signal.aborted) {
    const reason: unknown = signal.reason
    if (reason instanceof TimedOut) return { kind: 'timeout', message: reason.message }
    // Of AbortSignal.timeout.
    if (reason instanceof DOMException && reason.name === 'TimeoutError')
      return { kind: 'timeout', message: 'no answer in time' }
    return { kind: 'cancelled', message: 'the request was cancelled' }
  }
  const code = isRecord(error) || error instanceof Error ? readCode(error) : ''
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return { kind: 'timeout', message: messageOf(error) }
  return { kind: 'network', message: messageOf(error) || code, code }
}

function readCode(error: object): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

export function readRefusal({ status, headers, text }: Answer, clock: Clock): Failure {
  return readStatus(status, parseOr(text, text), readRetryAfter(headers, clock))
}

export function parseJson(text: string): { ok: true; json: unknown } | { ok: false; failure: Failure } {
  try {
    return { ok: true, json: text === '' ? undefined : JSON.parse(text) }
  } catch {
    // What could not be read is not quoted: it may hold a Secret.
    return { ok: false, failure: { kind: 'parse', message: `the answer of ${text.length} characters is no JSON` } }
  }
}

function parseOr(text: string, otherwise: unknown): unknown {
  const parsed = parseJson(text)
  return parsed.ok ? parsed.json : otherwise
}

/** Seconds or a date. */
function readRetryAfter(headers: Headers, clock: Clock): number | undefined {
  const value = headers['retry-after']
  if (typeof value !== 'string') return undefined
  if (/^\d+$/.test(value)) return Number(value) * 1_000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - clock.now())
}
