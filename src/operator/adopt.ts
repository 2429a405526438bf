/** Takes over policies that others wrote and that say what we would write: server-side apply makes their spec ours as well. */
import type { Log, Send } from '../cluster/index.ts'
import { pathOf } from '../cluster/index.ts'
import type { Adoption } from '../live/claim.ts'
import { resources } from '../live/resources.ts'
import { fieldManager, readSeenPolicy, type SeenPolicy } from '../live/seen-policy.ts'
import { lossOf, type Miss, patience } from './apply.ts'

export interface AdoptOptions {
  readonly send: Send
  readonly log: Log
  readonly mayWriteUntil: () => number
  readonly onWritten: (policy: SeenPolicy) => void
}

export type Adopt = (
  targets: readonly { readonly namespace: string; readonly adoptions: readonly Adoption[] }[],
) => Promise<ReadonlyMap<string, Miss>>

export function createAdopt({ send, log, mayWriteUntil, onWritten }: AdoptOptions): Adopt {
  return async targets => {
    const misses = new Map<string, Miss>()
    for (const { namespace, adoptions } of targets)
      for (const { holder, policy } of adoptions) {
        const { name, resourceVersion, uid } = holder
        const reply = await send({
          ...patience,
          method: 'PATCH',
          path: pathOf(resources.networkPolicies, { namespace, name }),
          query: { fieldManager, force: true, fieldValidation: 'Strict' },
          contentType: 'application/apply-patch+yaml',
          body: { ...policy, metadata: { ...policy.metadata, uid, resourceVersion } },
          notAfter: mayWriteUntil(),
        })
        if (!reply.ok) {
          misses.set(namespace, { ...lossOf({ is: 'failed', failure: reply.failure }), policy: name })
          continue
        }
        log.info({ namespace, policy: name }, 'policy adopted: it was what Tierwall would write')
        const seen = readSeenPolicy(reply.body)
        if (seen) onWritten(seen)
      }
    return misses
  }
}
