/** What a recorder keeps: the objects as they were at one revision, and everything that became of them until another. */
import { z } from 'zod'

export interface RecordedObject {
  readonly kind: string
  /** Empty for what is in no namespace. */
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly revision: number
  readonly json: unknown
}

export interface RecordedEvent {
  /** Counted by etcd over all resources: no two writes share one. */
  readonly revision: number
  /** When it was seen, in milliseconds that never jump back. */
  readonly at: number
  readonly deleted: boolean
  /** As it became; of what was deleted, as it was last. */
  readonly object: RecordedObject
}

export interface Recording {
  /** The revision of `initial`. */
  readonly since: number
  readonly until: number
  readonly startedAt: number
  readonly initial: readonly RecordedObject[]
  /** Sorted by revision. */
  readonly events: readonly RecordedEvent[]
}

const head = z.object({
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().default(''),
    uid: z.string(),
    resourceVersion: z.coerce.number().int(),
  }),
})

export function readRecorded(json: unknown): RecordedObject {
  const { kind, metadata } = head.parse(json)
  const { name, namespace, uid, resourceVersion } = metadata
  return { kind, namespace, name, uid, revision: resourceVersion, json }
}

/** Events of several watches come in as they may; their revisions say what was first. */
export function sortEvents(events: readonly RecordedEvent[], until: number): readonly RecordedEvent[] {
  return events.filter(({ revision }) => revision <= until).sort((a, b) => a.revision - b.revision)
}
