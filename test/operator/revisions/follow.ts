/** One resource's list at a revision and every event since, over as many watches as that takes. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Connection,
  describeFailure,
  type Failure,
  isStatus,
  listPages,
  pathOf,
} from '../../../src/cluster/index.ts'
import { readEvent } from '../../../src/cluster/reflector/read.ts'
import { type Change, readSince } from './between.ts'
import { type RecordedEvent, type RecordedObject, readRecorded } from './recording.ts'
import type { WatchedKind } from './watched.ts'

export interface Following {
  readonly kind: WatchedKind
  readonly initial: readonly RecordedObject[]
  /** The last revision up to which nothing can be missing. */
  readonly reached: () => number
  /** Why there is a gap in what was seen; nothing while there is none. */
  readonly gap: () => string | undefined
  /** What the last watch ended with, for whoever waits for the next. */
  readonly failure: () => string | undefined
  readonly ended: Promise<void>
}

export interface FollowOptions {
  readonly connection: Connection
  readonly since: number
  readonly signal: AbortSignal
  readonly onEvent: (event: RecordedEvent) => void
}

export async function startFollowing(kind: WatchedKind, options: FollowOptions): Promise<Following> {
  const { connection, since, signal } = options
  const path = pathOf(kind.resource)
  const initial: RecordedObject[] = []
  const query = { resourceVersion: since, resourceVersionMatch: 'Exact' }
  const listed = await listPages(connection.request, { path, query, signal }, json => initial.push(readRecorded(json)))
  if (!listed.ok && !isStatus(listed.failure, 404)) throw new Error(`${path}: ${describeFailure(listed.failure)}`)
  const now: Now = { reached: since, served: listed.ok, gap: undefined, failure: undefined }
  const ended = followOn(kind, now, options).catch(error => {
    now.gap ??= String(error)
  })
  return {
    kind,
    initial,
    reached: () => now.reached,
    gap: () => now.gap,
    failure: () => now.failure && describeFailure(now.failure),
    ended,
  }
}

interface Now {
  reached: number
  served: boolean
  gap: string | undefined
  failure: Failure | undefined
}

const pause = 50
/** Seconds. A watch of a definition that is gone may hang for ever, also when there is a new one of that name. */
const shortWatch = 1

async function followOn(kind: WatchedKind, now: Now, options: FollowOptions): Promise<void> {
  const { resource, comesAndGoes = false } = kind
  const path = pathOf(resource)
  while (!options.signal.aborted && now.gap === undefined) {
    now.failure = !now.served
      ? await readWhatIsNew(path, now, options)
      : comesAndGoes
        ? await watchInTurns(path, now, options)
        : await watchOnce(path, now, options)
    const isPast = now.failure !== undefined && isStatus(now.failure, 410)
    const isGone = now.failure !== undefined && isStatus(now.failure, 404)
    if (isGone || (isPast && comesAndGoes)) now.served = false
    else if (isPast) now.gap ??= 'the server has forgotten the revision where the next watch is to go on'
    await sleep(pause)
  }
}

/**
 * Each watch is begun while the one before is open: the objects of a definition that is taken away go some milliseconds
 * before it does, and a watch that came after that would find nothing served.
 */
async function watchInTurns(path: string, now: Now, options: FollowOptions): Promise<Failure | undefined> {
  let older = watchOnce(path, now, options, shortWatch)
  let failure: Failure | undefined
  await Promise.race([older, sleep((shortWatch * 1_000) / 2)])
  while (failure === undefined && !options.signal.aborted && now.gap === undefined) {
    const newer = watchOnce(path, now, options, shortWatch)
    failure = await older
    older = newer
    await sleep(pause)
  }
  const last = await older
  return failure ?? last
}

/** After most failures the next watch goes on where this one ended. */
async function watchOnce(
  path: string,
  now: Now,
  { connection, signal, onEvent }: FollowOptions,
  timeoutSeconds?: number,
): Promise<Failure | undefined> {
  let found: Failure | undefined
  const query = { watch: true, allowWatchBookmarks: true, resourceVersion: now.reached, timeoutSeconds }
  const onLine = (line: unknown) => {
    const event = readEvent(line)
    if (event.is === 'unknown') now.gap ??= `a line of the watch cannot be read: ${JSON.stringify(line)}`
    if (event.is === 'error') found = event.failure
    if (event.is === 'bookmark') now.reached = Math.max(now.reached, Number(event.resourceVersion))
    if (event.is !== 'object') return
    const object = readRecorded(event.json)
    take({ revision: object.revision, deleted: event.deleted, object }, now, onEvent)
  }
  const failure = await connection.watch({ path, query, signal, onOpen: () => {}, onLine })
  if (failure?.kind === 'parse') now.gap ??= failure.message
  return found ?? failure
}

/** A resource that was not served for a while, or only since now. */
async function readWhatIsNew(path: string, now: Now, { connection, signal, onEvent }: FollowOptions) {
  const since = await readSince(now.reached, { connection, path, signal })
  if (!since.ok) return since.failure
  for (const change of since.found.changes) take(change, now, onEvent)
  now.served = true
  now.reached = since.found.until
  return undefined
}

function take({ revision, deleted, object }: Change, now: Now, onEvent: FollowOptions['onEvent']): void {
  // Another watch was faster.
  if (revision <= now.reached) return
  now.reached = revision
  onEvent({ revision, at: performance.now(), deleted, object })
}
