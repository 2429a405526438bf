/** Policies that were sent and not answered yet: the watch may tell of one before its answer comes, and that is no news. */
import { writeName } from '../api/source.ts'
import { readAsSent } from '../live/as-sent.ts'
import type { SeenPolicy } from '../live/seen-policy.ts'
import { samePolicy } from '../plan/index.ts'
import type { WirePolicy } from '../policy/wire.ts'

export interface Sent {
  /** Until what it returns is called. */
  readonly begin: (policy: WirePolicy) => () => void
  /** It is as it was sent: what was decided, and nothing to decide anew. */
  readonly has: (policy: SeenPolicy) => boolean
  /** What is told of it, where all of it is as it was sent. */
  readonly read: (json: unknown, key: string) => SeenPolicy | undefined
}

export function createSent(): Sent {
  const underWay = new Map<string, WirePolicy>()
  return {
    begin(policy) {
      const key = writeName(policy.metadata)
      underWay.set(key, policy)
      return () => {
        if (underWay.get(key) === policy) underWay.delete(key)
      }
    },
    has(policy) {
      const sent = underWay.get(writeName(policy))
      return sent !== undefined && policy.ours && !policy.terminating && samePolicy(policy, sent)
    },
    read(json, key) {
      const sent = underWay.get(key)
      return sent && readAsSent(json, sent)
    },
  }
}
