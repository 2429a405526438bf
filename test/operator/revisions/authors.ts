/** Whose a NetworkPolicy is, and who wrote it: from managedFields, and from what the users of a test say they did. */
import { z } from 'zod'
import type { RecordedEvent } from './recording.ts'

export const fieldManager = 'tierwall'

/** What users wrote themselves: the revisions of their writes, and the uids of what they deleted. */
export interface ByHand {
  readonly revisions: ReadonlySet<number>
  readonly deleted: ReadonlySet<string>
}

export const nothingByHand: ByHand = { revisions: new Set(), deleted: new Set() }

const entry = z.object({
  manager: z.string().default(''),
  operation: z.string().default(''),
  subresource: z.string().default(''),
  time: z.string().default(''),
  fieldsV1: z.record(z.string(), z.unknown()).default({}),
})
type Entry = z.infer<typeof entry>
const managed = z.object({ metadata: z.object({ managedFields: z.array(entry).default([]) }) })

/** A label can be copied and taken away; who wrote the spec cannot. */
export function isOurs(json: unknown): boolean {
  return entriesOf(json).some(({ manager, subresource, fieldsV1 }) => {
    return manager === fieldManager && subresource === '' && Object.hasOwn(fieldsV1, 'f:spec')
  })
}

/** Of a policy that is or was ours. Who deleted it does not stand on it: whoever did and has not said so is Tierwall. */
export function isByHand({ deleted, object, revision }: RecordedEvent, before: unknown, byHand: ByHand): boolean {
  if (deleted) return byHand.deleted.has(object.uid)
  if (byHand.revisions.has(revision)) return true
  const grown = entriesOf(object.json).filter(one => hasGrown(one, entriesOf(before)))
  return grown.length > 0 && grown.every(({ manager }) => manager !== fieldManager)
}

/** Whoever writes has more fields or a later time than before; times are whole seconds, so often it has neither. */
function hasGrown(one: Entry, before: readonly Entry[]): boolean {
  const was = before.find(other => nameOf(other) === nameOf(one))
  if (was === undefined || was.time !== one.time) return true
  const had = new Set(pathsIn(was.fieldsV1))
  return pathsIn(one.fieldsV1).some(path => !had.has(path))
}

const nameOf = ({ manager, operation, subresource }: Entry) => [manager, operation, subresource].join(' ')

function entriesOf(json: unknown): readonly Entry[] {
  return json === undefined ? [] : managed.parse(json).metadata.managedFields
}

function pathsIn(fields: unknown, at = ''): string[] {
  if (typeof fields !== 'object' || fields === null) return [at]
  return [at, ...Object.entries(fields).flatMap(([key, inner]) => pathsIn(inner, `${at}/${key}`))]
}
