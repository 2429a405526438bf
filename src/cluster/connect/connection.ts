/** What a connection takes and gives. */
import type { Failure } from '../failure.ts'
import type { Given } from '../given.ts'
import type { Headers, Sent } from './exchange.ts'
import type { TargetOptions } from './target.ts'

export interface Request {
  readonly method: Sent['method']
  /** From the root of the server; see `pathOf`. */
  readonly path: string
  readonly query?: Query | undefined
  /** Written as JSON. */
  readonly body?: unknown
  readonly contentType?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for each attempt. */
  readonly timeout?: number | undefined
  /** 1 for those who see to it themselves. */
  readonly attempts?: number | undefined
  /** Monotonic: no attempt starts at or past it. */
  readonly notAfter?: number | undefined
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export type Reply =
  | { readonly ok: true; readonly status: number; readonly body: unknown; readonly headers: Headers }
  | { readonly ok: false; readonly failure: Failure }

export type Send = (request: Request) => Promise<Reply>

export interface WatchRequest {
  readonly path: string
  readonly query: Query
  readonly signal: AbortSignal
  /** The server has agreed; lines follow whenever something happens. */
  readonly onOpen: () => void
  readonly onLine: (json: unknown) => void
}

/** Nothing where the server ended the stream in good order. */
export type WatchEnd = Failure | undefined

export interface Connection {
  readonly server: string
  readonly namespace: string | undefined
  readonly request: Send
  /** The same on connections that only the Lease uses. */
  readonly requestForLease: Send
  /** Answers when the stream has ended. How long silence may last is the caller's to say, with the signal. */
  readonly watch: (request: WatchRequest) => Promise<WatchEnd>
  readonly close: () => Promise<void>
}

export interface ConnectOptions extends TargetOptions, Given {
  readonly userAgent: string
  /** How many requests run at the same time. */
  readonly connections?: number
  /** For metrics: one call per attempt. */
  readonly onAttempt?: (attempt: Attempt) => void
}

export interface Attempt {
  readonly method: Sent['method']
  /** The HTTP status, or the kind of the failure. */
  readonly result: string
  readonly seconds: number
}
