/** A marker that every watch has to come past before a recording is whole. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Connection, describeFailure, isStatus, pathOf } from '../../../src/cluster/index.ts'
import type { Following } from './follow.ts'
import { apiVersionOf, type WatchedKind } from './watched.ts'

export const versioned = z.object({ metadata: z.object({ resourceVersion: z.coerce.number().int() }) })
export const namespaces = { group: '', version: 'v1', plural: 'namespaces' }

const prefix = 'recorder-'

export function isMarker(namespace: string): boolean {
  return namespace.startsWith(prefix)
}

/** A watch is behind by milliseconds, on a busy machine by seconds. */
const longestWait = 30_000

/** Every watch that is shown an object made after a revision has been shown all that came before it. */
export async function passMarker(connection: Connection, following: readonly Following[]): Promise<number> {
  const namespace = prefix + randomBytes(5).toString('hex')
  const annotations = { 'tierwall.dev/isolation': 'off' }
  const self = { resource: namespaces, kind: 'Namespace' }
  const until = await create(connection, self, { name: namespace, annotations })
  if (until === undefined) throw new Error('namespaces are not served')
  try {
    const served: Following[] = []
    for (const one of following) {
      const { kind } = one
      const at = kind.marker ? await create(connection, kind, { name: 'marker', namespace }, kind.marker) : until
      if (at !== undefined) served.push(one)
    }
    await waitFor(() => served.find(one => isBehind(one, until)))
    return until
  } finally {
    await connection.request({ method: 'DELETE', path: pathOf(namespaces, { name: namespace }) })
  }
}

function isBehind({ kind, gap, reached }: Following, until: number): boolean {
  if (gap() !== undefined) throw new Error(`not every revision of ${kind.kind} was seen: ${gap()}`)
  return reached() < until
}

async function waitFor(behind: () => Following | undefined): Promise<void> {
  const deadline = performance.now() + longestWait
  for (let one = behind(); one; one = behind()) {
    const why = one.failure() ?? 'nothing failed'
    if (performance.now() > deadline) throw new Error(`the watch of ${one.kind.kind} does not get on: ${why}`)
    await sleep(10)
  }
}

/** The revision that the new object has; nothing where its kind is not served. */
async function create(
  { request }: Connection,
  { resource, kind }: Pick<WatchedKind, 'resource' | 'kind'>,
  metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: object },
  content: object = {},
): Promise<number | undefined> {
  const body = { apiVersion: apiVersionOf(resource), kind, metadata, ...content }
  const reply = await request({ method: 'POST', path: pathOf(resource, { namespace: metadata.namespace }), body })
  if (reply.ok) return versioned.parse(reply.body).metadata.resourceVersion
  if (isStatus(reply.failure, 404)) return undefined
  throw new Error(`the marker ${kind} is refused: ${describeFailure(reply.failure)}`)
}
