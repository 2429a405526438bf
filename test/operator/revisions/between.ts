/** What became of a resource between two revisions, where no watch told: lists of it as it was then say it exactly. */
import { type Connection, type Failure, listPages } from '../../../src/cluster/index.ts'
import { type RecordedObject, readRecorded } from './recording.ts'

export interface Change {
  readonly revision: number
  readonly deleted: boolean
  readonly object: RecordedObject
}

interface Listed {
  readonly revision: number
  readonly byUid: ReadonlyMap<string, RecordedObject>
}

export interface Between {
  readonly connection: Connection
  readonly path: string
  readonly signal: AbortSignal
}

export type Found<T> = { readonly ok: true; readonly found: T } | { readonly ok: false; readonly failure: Failure }

export interface Since {
  readonly until: number
  /** Sorted. What was made and went again in between may leave no trace. */
  readonly changes: readonly Change[]
}

/** From a revision until now. A resource that nobody serves any more fails with 404. */
export async function readSince(revision: number, where: Between): Promise<Found<Since>> {
  const now = await list(where)
  if (!now.ok) return now
  const before = await listAt(revision, where)
  const changes = before.ok ? await changesBetween(before.found, now.found, where) : before
  return changes.ok ? { ok: true, found: { until: now.found.revision, changes: changes.found } } : changes
}

/** By halves: where nothing differs, nothing is looked at. */
async function changesBetween(before: Listed, after: Listed, where: Between): Promise<Found<readonly Change[]>> {
  const changes = compare(before, after)
  if (changes.length === 0 || after.revision - before.revision <= 1) return { ok: true, found: changes }
  const middle = await listAt(Math.floor((before.revision + after.revision) / 2), where)
  if (!middle.ok) return middle
  const earlier = await changesBetween(before, middle.found, where)
  const later = earlier.ok ? await changesBetween(middle.found, after, where) : earlier
  return earlier.ok && later.ok ? { ok: true, found: [...earlier.found, ...later.found] } : later
}

function compare(before: Listed, after: Listed): readonly Change[] {
  const { revision } = after
  const gone = [...before.byUid.values()].filter(({ uid }) => !after.byUid.has(uid))
  const changed = [...after.byUid.values()].filter(object => before.byUid.get(object.uid)?.revision !== object.revision)
  return [
    ...gone.map(object => ({ revision, deleted: true, object: { ...object, revision } })),
    ...changed.map(object => ({ revision: object.revision, deleted: false, object })),
  ]
}

async function listAt(revision: number, where: Between): Promise<Found<Listed>> {
  const then = await list(where, { resourceVersion: revision, resourceVersionMatch: 'Exact' })
  return then.ok ? { ok: true, found: { ...then.found, revision } } : then
}

async function list({ connection, path, signal }: Between, query = {}): Promise<Found<Listed>> {
  const byUid = new Map<string, RecordedObject>()
  const take = (json: unknown) => {
    const object = readRecorded(json)
    byUid.set(object.uid, object)
  }
  const reply = await listPages(connection.request, { path, query, signal }, take)
  return reply.ok ? { ok: true, found: { revision: Number(reply.resourceVersion), byUid } } : reply
}
