/** The reflectors of one operator, in its scope; the same one twice is one. */
import {
  type Change,
  type Connection,
  type Given,
  oneObject,
  type Project,
  type Reflector,
  startReflector,
} from '../cluster/index.ts'
import type { Watched } from '../live/resources.ts'

export interface Watch<T = unknown> {
  readonly what: Watched
  /** Nothing for all namespaces. Of Namespace itself, the one that is meant. */
  readonly namespace: string | undefined
  readonly reflector: Reflector<T>
}

export interface Watches {
  readonly start: <T>(wish: Wish<T>) => void
  readonly all: () => readonly Watch[]
  /** Those that nobody took yet. */
  readonly takeNew: () => readonly Watch[]
  readonly synced: () => Promise<void>
  /** Once each holds a list that was begun after this call. */
  readonly relist: () => Promise<void>
  readonly stop: () => Promise<void>
}

export interface Wish<T> {
  readonly what: Watched
  readonly namespace: string | undefined
  readonly project: Project<T>
  readonly onChange: (change: Change<T>) => void
  readonly onState?: (reflector: Reflector<T>) => void
}

/** A resource that is not served is looked for this often: somebody may just have installed it. */
const recheck = 5_000

export function createWatches(given: Given, connection: Connection): Watches {
  const watches = new Map<string, Watch>()
  const fresh: Watch[] = []
  const all = () => [...watches.values()]
  return {
    start({ what, namespace, project, onChange, onState }) {
      const key = [what.group, what.plural, what.labelSelector ?? '', namespace ?? ''].join(' ')
      if (watches.has(key)) return
      const { labelSelector, fieldSelector } = what
      const reflector = startReflector({
        ...given,
        ...(what.namespaced || namespace === undefined
          ? { connection, namespace }
          : { connection: oneObject(connection, what, namespace) }),
        resource: what,
        labelSelector,
        fieldSelector,
        project,
        timing: { recheck },
      })
      reflector.onChange(onChange)
      reflector.onState(() => onState?.(reflector))
      const watch = { what, namespace, reflector }
      watches.set(key, watch)
      fresh.push(watch)
    },
    all,
    takeNew: () => fresh.splice(0),
    synced: async () => {
      await Promise.all(all().map(({ reflector }) => reflector.synced()))
    },
    relist: async () => {
      await Promise.all(all().map(({ reflector }) => reflector.relist()))
    },
    stop: async () => {
      await Promise.all(all().map(({ reflector }) => reflector.stop()))
    },
  }
}
