/** Keeps a store true to one resource of the API server: lists it, watches it, and gets over whatever goes wrong. */
import type { State } from './machine.ts'
import type { ReflectorOptions } from './options.ts'
import { Running } from './running.ts'
import type { Change, Store } from './store.ts'

export type { State } from './machine.ts'
export type { ReflectorOptions, Timing } from './options.ts'
export { type Project, readMeta } from './read.ts'
export type { Change, RemovalCause, Store } from './store.ts'

export interface Reflector<T> {
  readonly store: Store<T>
  readonly state: () => State
  /** Not so while the server has no such resource. */
  readonly served: () => boolean
  readonly isSynced: () => boolean
  /** Once the store has held a whole list, or the server has said that there is no such resource. */
  readonly synced: () => Promise<void>
  /** Once the store holds a list that was begun after this call. */
  readonly relist: () => Promise<void>
  readonly onChange: (listener: (change: Change<T>) => void) => () => void
  readonly onState: (listener: (state: State) => void) => () => void
  /** Wall time of the last sign of life. */
  readonly lastEventAt: () => number | undefined
  readonly resourceVersion: () => string | undefined
  readonly stop: () => Promise<void>
}

export function startReflector<T>(options: ReflectorOptions<T>): Reflector<T> {
  const running = new Running(options)
  const ended = running.run()
  return {
    store: running.store,
    state: () => running.state,
    served: () => running.served,
    isSynced: () => running.lists > 0,
    synced: () => running.waitForList(1),
    relist: () => running.relist(),
    onChange: listener => listen(running.changeListeners, listener),
    onState: listener => listen(running.stateListeners, listener),
    lastEventAt: () => running.lastEventAt,
    resourceVersion: () => running.resourceVersion,
    stop: () => {
      running.interrupt({ is: 'stopped' })
      return ended
    },
  }
}

function listen<L>(listeners: Set<L>, listener: L): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
