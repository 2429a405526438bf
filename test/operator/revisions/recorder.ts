/** Records every revision of what decides policies, and of the policies, over real watches of an API server. */
import { type Connection, connect, describeFailure, pathOf, systemClock } from '../../../src/cluster/index.ts'
import type { Access } from '../../../src/controlplane/client.ts'
import { type Following, startFollowing } from './follow.ts'
import { isMarker, namespaces, passMarker, versioned } from './marker.ts'
import { type RecordedEvent, type RecordedObject, type Recording, sortEvents } from './recording.ts'
import { type WatchedKind, watchedKinds } from './watched.ts'

export interface RecorderOptions {
  /**
   * All of them where none are named. What is in kube-system counts always: DNS is there. Whoever makes namespaces while
   * it records may add their names before.
   */
  readonly namespaces?: readonly string[]
  /** A revision that the server still knows, which it does for five minutes; the current one where it is not given. */
  readonly since?: number
  /** Called with each event as it comes in, not always in the order of the revisions. */
  readonly onEvent?: (event: RecordedEvent) => void
}

export interface Recorder {
  /** What has been seen so far. A watch may be behind another for some milliseconds. */
  readonly peek: () => Recording
  /** What happened until now: it waits for every watch to come that far. */
  readonly stop: () => Promise<Recording>
}

export async function startRecorder(access: Access, options: RecorderOptions = {}): Promise<Recorder> {
  const connection = await open(access)
  const since = options.since ?? (await readRevision(connection))
  const startedAt = performance.now()
  const ending = new AbortController()
  const events: RecordedEvent[] = []
  const follow = (kind: WatchedKind) => {
    const onEvent = (event: RecordedEvent) => {
      if (!isWanted(event.object, kind, options)) return
      events.push(event)
      options.onEvent?.(event)
    }
    return startFollowing(kind, { connection, since, signal: ending.signal, onEvent })
  }
  const close = async (following: readonly Following[]) => {
    ending.abort()
    await Promise.all(following.map(({ ended }) => ended))
    await connection.close()
  }
  const following = await Promise.all(watchedKinds.map(follow)).catch(async error => {
    await close([])
    throw error
  })
  const initial = following.flatMap(({ kind, initial }) => initial.filter(object => isWanted(object, kind, options)))
  const record = (until: number): Recording => ({
    since,
    until,
    startedAt,
    initial,
    events: sortEvents(events, until),
  })
  return {
    peek: () => record(Number.POSITIVE_INFINITY),
    stop: async () => {
      try {
        return record(await passMarker(connection, following))
      } finally {
        await close(following)
      }
    },
  }
}

const quiet = () => {}
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

async function open({ kubeconfigFile }: Access): Promise<Connection> {
  const given = { clock: systemClock, random: Math.random, log }
  const opened = await connect({ ...given, kubeconfig: kubeconfigFile, userAgent: 'tierwall/recorder' })
  if (!opened.ok) throw new Error(describeFailure(opened.failure))
  return opened.connection
}

async function readRevision({ request }: Connection): Promise<number> {
  const reply = await request({ method: 'GET', path: pathOf(namespaces), query: { limit: 1 } })
  if (!reply.ok) throw new Error(describeFailure(reply.failure))
  return versioned.parse(reply.body).metadata.resourceVersion
}

function isWanted(
  { kind, namespace, name }: RecordedObject,
  { onlyIn }: WatchedKind,
  options: RecorderOptions,
): boolean {
  const where = kind === 'Namespace' ? name : namespace
  if (isMarker(where)) return false
  if (onlyIn?.includes(where)) return true
  if (onlyIn && options.namespaces === undefined) return false
  return options.namespaces === undefined || where === 'kube-system' || options.namespaces.includes(where)
}
