/** Reads what watches send, and projects each object before anything is kept of it. */
import { isRecord } from '../../api/record.ts'
import { type Failure, messageOf, readStatus } from '../failure.ts'
import type { Log } from '../given.ts'
import type { Entry } from './store.ts'

/**
 * Keeps what is needed of an object as it came; nothing where the object is of no interest. `before` is what was kept of
 * the same object in the same generation, where that is known: its spec has not changed since.
 */
export type Project<T> = (json: unknown, before?: T) => T | undefined

export type WatchEvent =
  | { readonly is: 'object'; readonly deleted: boolean; readonly json: unknown; readonly meta: Meta }
  | { readonly is: 'bookmark'; readonly resourceVersion: string; readonly endsList: boolean }
  | { readonly is: 'error'; readonly failure: Failure }
  | { readonly is: 'unknown' }

export interface Meta {
  readonly key: string
  readonly uid: string
  readonly resourceVersion: string
  readonly generation: number | undefined
}

/** By hand rather than by schema: this runs for every event of the cluster. */
export function readEvent(line: unknown): WatchEvent {
  if (!isRecord(line)) return { is: 'unknown' }
  const { type, object } = line
  if (type === 'ERROR') return { is: 'error', failure: readErrorEvent(object) }
  const metadata = isRecord(object) ? object.metadata : undefined
  if (!isRecord(metadata) || typeof metadata.resourceVersion !== 'string') return { is: 'unknown' }
  if (type === 'BOOKMARK') {
    const { resourceVersion, annotations } = metadata
    const endsList = isRecord(annotations) && annotations['k8s.io/initial-events-end'] === 'true'
    return { is: 'bookmark', resourceVersion, endsList }
  }
  const meta = readMeta(object)
  if (meta === undefined || (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')) return { is: 'unknown' }
  return { is: 'object', deleted: type === 'DELETED', json: object, meta }
}

export function readMeta(object: unknown): Meta | undefined {
  const metadata = isRecord(object) ? object.metadata : undefined
  if (!isRecord(metadata)) return undefined
  const { name, namespace, uid, resourceVersion, generation } = metadata
  if (typeof name !== 'string' || typeof resourceVersion !== 'string') return undefined
  const key = typeof namespace === 'string' && namespace !== '' ? `${namespace}/${name}` : name
  return {
    key,
    uid: typeof uid === 'string' ? uid : '',
    resourceVersion,
    generation: typeof generation === 'number' ? generation : undefined,
  }
}

function readErrorEvent(object: unknown): Failure {
  const code = isRecord(object) && typeof object.code === 'number' ? object.code : 500
  return readStatus(code, object)
}

/** A projection that throws is a mistake of ours; what it threw at must not vanish for that. */
export function projectEntry<T>(
  project: Project<T>,
  json: unknown,
  { key, uid, generation }: Meta,
  before: Entry<T> | undefined,
  log: Log,
): Entry<T> | undefined {
  try {
    const isSame = generation !== undefined && before?.generation === generation && before.uid === uid
    const value = project(json, isSame ? before.value : undefined)
    if (isSame && value === before.value) return before
    return value === undefined ? undefined : { uid, generation, value }
  } catch (error) {
    log.error({ key, error: messageOf(error) }, 'an object could not be read; what was known of it stays')
    return before
  }
}
