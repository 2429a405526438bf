/** Statuses on their way to the API server: of each AppTier the latest one, once. */
import { createQueue, describeFailure, type Given, type Queue, type Writer } from '../cluster/index.ts'
import { resources } from '../live/resources.ts'
import type { Seen } from '../live/seen.ts'
import type { AppTierStatus } from './status/index.ts'

export interface Statuses {
  readonly put: (seen: Seen, status: AppTierStatus) => void
  readonly stop: () => Promise<void>
}

export interface StatusesOptions extends Given {
  readonly writer: Writer
  readonly mayWriteUntil: () => number
  readonly onResult: (result: string) => void
}

interface Wanted {
  readonly seen: Seen
  readonly status: AppTierStatus
}

export function createStatuses(options: StatusesOptions): Statuses {
  const { writer, mayWriteUntil, onResult, log } = options
  const wanted = new Map<string, Wanted>()
  const queue: Queue = createQueue({
    ...options,
    concurrency: 4,
    run: async key => {
      const one = wanted.get(key)
      if (!one) return { is: 'done' }
      const { ref, apiVersion } = one.seen
      const object = { apiVersion, kind: ref.kind, metadata: { name: ref.name, namespace: ref.namespace } }
      const result = await writer.patchStatus(resources.appTiers, object, one.status, { notAfter: mayWriteUntil() })
      onResult(result.is)
      // What was gone or changed is decided about anew, and told anew.
      if (result.is !== 'failed') {
        if (wanted.get(key) === one) wanted.delete(key)
        return { is: 'done' }
      }
      log.warn({ appTier: key, failure: describeFailure(result.failure) }, 'a status could not be written')
      return { is: 'failed' }
    },
  })
  return {
    put(seen, status) {
      const key = `${seen.ref.namespace}/${seen.ref.name}`
      wanted.set(key, { seen, status })
      queue.add(key)
    },
    stop: queue.stop,
  }
}
