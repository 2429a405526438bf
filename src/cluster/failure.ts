/** What can go wrong between us and the API server, as values. */
import { isRecord } from '../api/record.ts'

export interface StatusFailure {
  readonly kind: 'status'
  readonly code: number
  /** As Kubernetes spells it: `NotFound`, `AlreadyExists`, `Conflict`, …; empty where the answer was no Status. */
  readonly reason: string
  readonly message: string
  readonly details: unknown
  /** Milliseconds that the server asks us to wait. */
  readonly retryAfter: number | undefined
}

export type Failure =
  | StatusFailure
  /** The connection broke: whether the server acted is not known. */
  | { readonly kind: 'network'; readonly message: string; readonly code: string }
  /** Nothing came in time: whether the server acted is not known. */
  | { readonly kind: 'timeout'; readonly message: string }
  | { readonly kind: 'parse'; readonly message: string }
  /** Where the server is, or who we are to it, could not be found out. Nothing was sent. */
  | { readonly kind: 'access'; readonly message: string }
  /** The caller's signal ended it. */
  | { readonly kind: 'cancelled'; readonly message: string }
  /** It would have started after the caller's `notAfter`. Nothing was sent. */
  | { readonly kind: 'late'; readonly message: string }

export function isStatus(failure: Failure, code: number, reason?: string): boolean {
  return failure.kind === 'status' && failure.code === code && (reason === undefined || failure.reason === reason)
}

export function describeFailure(failure: Failure): string {
  if (failure.kind !== 'status') return failure.message
  return `${failure.code}${failure.reason === '' ? '' : ` ${failure.reason}`}: ${failure.message}`
}

/** Reads a Status, or whatever stands in its place: proxies answer in plain text and HTML. */
export function readStatus(code: number, status: unknown, retryAfter?: number): StatusFailure {
  const { reason, message, details } = isRecord(status) ? status : { reason: '', message: status, details: undefined }
  const seconds = isRecord(details) ? details.retryAfterSeconds : undefined
  return {
    kind: 'status',
    code,
    reason: typeof reason === 'string' ? reason : '',
    message: typeof message === 'string' && message !== '' ? message.trim().slice(0, 1_000) : 'no message',
    details,
    retryAfter: retryAfter ?? (typeof seconds === 'number' && seconds > 0 ? seconds * 1_000 : undefined),
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
