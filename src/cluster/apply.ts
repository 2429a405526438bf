/** The four ways in which something is written to the API server. Who lost a race is told so as a value. */

import { isRecord } from '../api/record.ts'
import type { Query, Send } from './connect/index.ts'
import { type Failure, isStatus } from './failure.ts'
import { pathOf, type Resource } from './resource.ts'

/** Wire JSON as it goes out. */
export interface WireObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string | undefined
    readonly resourceVersion?: string | undefined
  }
}

/** Which object exactly: whoever changed it or made it anew in between is not overwritten. */
export interface Precondition {
  readonly uid: string
  readonly resourceVersion: string
}

export type Written<Refused extends string> =
  | { readonly is: 'written'; readonly object: unknown }
  | { readonly is: Refused; readonly failure: Failure }
  | { readonly is: 'failed'; readonly failure: Failure }

export interface Writer {
  /** `exists`: somebody was first. */
  create(resource: Resource, object: WireObject, limits?: Limits): Promise<Written<'exists'>>
  /** All of the object, as it was read and then changed. `conflict`: it has changed since; `missing`: it is gone. */
  replace(resource: Resource, object: VersionedObject, limits?: Limits): Promise<Written<'conflict' | 'missing'>>
  /** `written` also where finalizers keep it for a while. */
  remove(
    resource: Resource,
    place: { readonly namespace?: string | undefined; readonly name: string },
    precondition: Precondition,
    limits?: Limits,
  ): Promise<Written<'conflict' | 'missing'>>
  /** A merge patch of the status alone; with `resourceVersion` of that version alone. */
  patchStatus(
    resource: Resource,
    object: WireObject,
    status: unknown,
    limits?: Limits,
  ): Promise<Written<'conflict' | 'missing'>>
}

export interface VersionedObject extends WireObject {
  readonly metadata: WireObject['metadata'] & { readonly resourceVersion: string }
}

export interface Limits {
  /** Monotonic: no write starts at or past it. */
  readonly notAfter?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for each attempt, and how many there may be. */
  readonly timeout?: number | undefined
  readonly attempts?: number | undefined
  /** The server checks everything and keeps nothing. */
  readonly dryRun?: boolean | undefined
}

export interface WriterOptions {
  readonly send: Send
  /** Who managedFields says it was. */
  readonly fieldManager: string
}

export function createWriter({ send, fieldManager }: WriterOptions): Writer {
  const query = ({ dryRun }: Limits): Query => ({
    fieldManager,
    // A field that the server does not know would be dropped in silence, and a rule without it may be wider.
    fieldValidation: 'Strict',
    dryRun: dryRun === true ? 'All' : undefined,
  })
  return {
    create: async (resource, object, limits = {}) => {
      const path = pathOf(resource, { namespace: object.metadata.namespace })
      const reply = await send({ method: 'POST', path, query: query(limits), body: object, ...limited(limits) })
      if (reply.ok) return { is: 'written', object: reply.body }
      const { failure } = reply
      return isStatus(failure, 409, 'AlreadyExists') ? { is: 'exists', failure } : { is: 'failed', failure }
    },
    replace: async (resource, object, limits = {}) => {
      const path = pathOf(resource, { namespace: object.metadata.namespace, name: object.metadata.name })
      const reply = await send({ method: 'PUT', path, query: query(limits), body: object, ...limited(limits) })
      return reply.ok ? { is: 'written', object: reply.body } : readLoss(reply.failure)
    },
    remove: async (resource, place, preconditions, limits = {}) => {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy: 'Background' }
      const { dryRun } = query(limits)
      const path = pathOf(resource, place)
      const reply = await send({ method: 'DELETE', path, query: { dryRun }, body, ...limited(limits) })
      return reply.ok ? { is: 'written', object: reply.body } : readLoss(reply.failure)
    },
    patchStatus: async (resource, object, status, limits = {}) => {
      const { name, namespace, resourceVersion } = object.metadata
      const path = pathOf(resource, { namespace, name, subresource: 'status' })
      const body = { ...(resourceVersion !== undefined && { metadata: { resourceVersion } }), status }
      const contentType = 'application/merge-patch+json'
      const reply = await send({ method: 'PATCH', path, query: query(limits), body, contentType, ...limited(limits) })
      return reply.ok ? { is: 'written', object: reply.body } : readLoss(reply.failure)
    },
  }
}

function limited({ notAfter, signal, timeout, attempts }: Limits): Omit<Limits, 'dryRun'> {
  return { notAfter, signal, timeout, attempts }
}

function readLoss(failure: Failure): Written<'conflict' | 'missing'> {
  if (isStatus(failure, 404) && isOfOneObject(failure)) return { is: 'missing', failure }
  return { is: isStatus(failure, 409) ? 'conflict' : 'failed', failure }
}

/** The 404 of a resource that is not served at all names no object. */
function isOfOneObject(failure: Failure): boolean {
  return failure.kind === 'status' && isRecord(failure.details) && typeof failure.details.name === 'string'
}
