/** The reflectors of one operator, in its scope; the same one twice is one. */
import {
  type Change,
  type Connection,
  type Given,
  oneObject,
  type Project,
  type Reflector,
  sleep,
  startReflector,
} from '../cluster/index.ts'
import type { Watched } from '../live/resources.ts'

export interface Watch<T = unknown> {
  readonly what: Watched
  /** Nothing for all namespaces. Of Namespace itself, the one that is meant. */
  readonly namespace: string | undefined
  readonly reflector: Reflector<T>
  /** Anybody who makes a namespace of that name has called for it, and it may be forbidden to look there. */
  readonly onHearsay: boolean
}

export interface Watches {
  /** The one that there is, or a new one. */
  readonly start: <T>(wish: Wish<T>) => Watch
  readonly all: () => readonly Watch[]
  /**
   * Once each holds a list that was begun after this call, those among them that such a list called for. Of hearsay it
   * waits some seconds alone: whoever may make namespaces must not be able to stop an operator.
   */
  readonly relist: () => Promise<void>
  readonly stop: () => Promise<void>
}

export interface Wish<T> {
  readonly what: Watched
  readonly namespace: string | undefined
  readonly project: Project<T>
  readonly onChange: (change: Change<T>) => void
  readonly onState?: (reflector: Reflector<T>) => void
  readonly onHearsay?: boolean
}

/** A resource that is not served is looked for this often: somebody may just have installed it. */
const recheck = 5_000
/** For hearsay. */
const patience = 10_000

export function createWatches(
  given: Given,
  connection: Connection,
  onStart: (watch: Watch) => void = () => {},
): Watches {
  const watches = new Map<string, Watch>()
  const all = () => [...watches.values()]
  return {
    start({ what, namespace, project, onChange, onState, onHearsay = false }) {
      const key = [what.group, what.plural, what.labelSelector ?? '', namespace ?? ''].join(' ')
      const known = watches.get(key)
      if (known) return known
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
      const watch = { what, namespace, reflector, onHearsay }
      watches.set(key, watch)
      onStart(watch)
      return watch
    },
    all,
    relist: async () => {
      const stopped = new AbortController()
      const time = sleep(given.clock, patience, stopped.signal)
      const atMost = ({ onHearsay }: Watch, known: Promise<void>) => (onHearsay ? Promise.race([known, time]) : known)
      await Promise.all(all().map(watch => atMost(watch, watch.reflector.relist())))
      await Promise.all(all().map(watch => atMost(watch, watch.reflector.synced())))
      stopped.abort()
    },
    stop: async () => {
      await Promise.all(all().map(({ reflector }) => reflector.stop()))
    },
  }
}
