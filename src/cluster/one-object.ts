/**
 * One object of a resource that is in no namespace, for a reflector that would list them all: who may read one Namespace
 * by a Role in it may neither list them nor watch that list, but get it and watch it by its own path.
 */

import { isRecord } from '../api/record.ts'
import type { Connection } from './connect/index.ts'
import { isStatus } from './failure.ts'
import { pathOf, type Resource } from './resource.ts'

export function oneObject(
  { request, watch }: Pick<Connection, 'request' | 'watch'>,
  resource: Resource,
  name: string,
): Pick<Connection, 'request' | 'watch'> {
  const path = pathOf(resource, { name })
  const watched = path.replace(`/${resource.version}/`, `/${resource.version}/watch/`)
  return {
    request: async ({ signal, attempts, timeout }) => {
      const reply = await request({ method: 'GET', path, signal, attempts, timeout })
      if (reply.ok) return { ...reply, body: listOf([reply.body]) }
      return isStatus(reply.failure, 404) ? { ok: true, status: 200, body: listOf([]), headers: {} } : reply
    },
    // Only lists can be streamed.
    watch: async options =>
      options.query.sendInitialEvents === undefined ? watch({ ...options, path: watched }) : cannotStream,
  }
}

const cannotStream = {
  kind: 'status',
  code: 422,
  reason: 'Invalid',
  message: 'one object is not streamed as a list',
  details: undefined,
  retryAfter: undefined,
} as const

/** What is not there is watched for from any version. */
function listOf(items: readonly unknown[]): unknown {
  const [first] = items
  const metadata = isRecord(first) && isRecord(first.metadata) ? first.metadata : { resourceVersion: '0' }
  return { metadata: { resourceVersion: metadata.resourceVersion }, items }
}
