/** One request on one connection: what is sent, and what came back or went wrong. */
import type { Dispatcher } from 'undici'
import { type Failure, isRecord, messageOf, readStatus } from '../failure.ts'
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

export interface Head {
  readonly status: number
  readonly headers: Headers
  readonly body: Dispatcher.ResponseData['body']
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>

class Late extends Error {}

/** Errors of undici come out as they are: `readError` says what they mean. */
export async function exchange(dispatcher: Dispatcher, clock: Clock, sent: Sent): Promise<Head> {
  const { notAfter, body = null, ...rest } = sent
  const guarded =
    notAfter === undefined ? dispatcher : dispatcher.compose(dispatch => refuseLate(dispatch, clock, notAfter))
  const { statusCode: status, headers, body: answer } = await guarded.request({ ...rest, body, responseHeaders: null })
  return { status, headers, body: answer }
}

/** `onRequestStart` is the last moment before the first byte leaves; what it throws ends the request. */
function refuseLate(dispatch: Dispatcher.Dispatch, clock: Clock, notAfter: number): Dispatcher.Dispatch {
  return (options, handler) =>
    dispatch(options, {
      onRequestStart: (controller, context) => {
        if (clock.monotonic() >= notAfter) throw new Late('it was too late to start this request')
        handler.onRequestStart?.(controller, context)
      },
      onResponseStart: (...head) => handler.onResponseStart?.(...head),
      onResponseData: (...data) => handler.onResponseData?.(...data),
      onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
      onResponseError: (...error) => handler.onResponseError?.(...error),
    })
}

/** Why the signal of an exchange was aborted. */
export class TimedOut extends Error {}

export function readError(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Late) return { kind: 'late', message: error.message }
  if (signal.aborted) {
    const reason: unknown = signal.reason
    if (reason instanceof TimedOut) return { kind: 'timeout', message: reason.message }
    return { kind: 'cancelled', message: 'the request was cancelled' }
  }
  const code = isRecord(error) || error instanceof Error ? readCode(error) : ''
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return { kind: 'timeout', message: messageOf(error) }
  return { kind: 'network', message: messageOf(error) || code, code }
}

function readCode(error: object): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

export function readRefusal(status: number, headers: Headers, text: string, clock: Clock): Failure {
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
