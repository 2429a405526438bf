/** Reads a whole list, page by page, once: for commands that look and do not watch, and for reflectors. */
import { z } from 'zod'
import { orEmptyList } from '../api/absent.ts'
import type { Query, Send } from './connect/index.ts'
import type { Failure } from './failure.ts'

export interface ListRequest {
  readonly path: string
  readonly query?: Query
  /** Objects in a page; nothing for all of them at once. */
  readonly pageSize?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly attempts?: number | undefined
}

export type ListReply =
  | { readonly ok: true; readonly resourceVersion: string }
  | { readonly ok: false; readonly failure: Failure }

/** The API server keeps a list for about five minutes; 500 objects take it some milliseconds. */
export const ordinaryPageSize = 500

/** `take` gets each object as it would come from a watch. What it got is worth nothing where the list fails. */
export async function listPages(send: Send, request: ListRequest, take: (object: unknown) => void): Promise<ListReply> {
  const { path, query, pageSize: limit, signal, attempts } = request
  let from: string | undefined
  for (;;) {
    const reply = await send({ method: 'GET', path, query: { ...query, limit, continue: from }, signal, attempts })
    if (!reply.ok) return reply
    const page = readPage(reply.body)
    if (page === undefined) return { ok: false, failure: { kind: 'parse', message: 'the answer is no list' } }
    for (const item of page.items) take(item)
    if (page.next === undefined) return { ok: true, resourceVersion: page.resourceVersion }
    from = page.next
  }
}

const list = z.object({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: orEmptyList(z.record(z.string(), z.unknown())),
})

interface Page {
  readonly items: readonly Record<string, unknown>[]
  readonly resourceVersion: string
  readonly next: string | undefined
}

/** The items of a list do not say what they are; the list does. */
function readPage(body: unknown): Page | undefined {
  const read = list.safeParse(body)
  if (!read.success) return undefined
  const { apiVersion, kind, metadata, items } = read.data
  const type = { apiVersion, kind: kind?.replace(/List$/, '') }
  return {
    items: items.map(item => ({ ...type, ...item })),
    resourceVersion: metadata.resourceVersion,
    next: metadata.continue || undefined,
  }
}
