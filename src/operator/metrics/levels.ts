/** What is read off its place when somebody asks for it: queue, watches, caches and Events. */
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Clock, Figures, Recorder, Reflector } from '../../cluster/index.ts'

export interface Levels {
  readonly showQueue: (figures: () => Figures) => void
  /** What it returns takes the resource off the page. */
  readonly showWatch: (resource: string, watch: Watch) => () => void
  readonly showEvents: (figures: Recorder['figures']) => void
}

export interface Watch extends Pick<Reflector<unknown>, 'lastEventAt'> {
  readonly store: { readonly size: number }
}

export function showIn(registry: Registry, clock: Pick<Clock, 'now'>): Levels {
  let queue: (() => Figures) | undefined
  let events: Recorder['figures'] | undefined
  const watches = new Map<string, Set<Watch>>()
  showQueueIn(registry, () => queue?.())
  showWatchesIn(registry, watches, clock)
  showEventsIn(registry, () => events?.())
  return {
    showQueue: figures => {
      queue = figures
    },
    showWatch: (resource, watch) => {
      const others = watches.get(resource) ?? new Set()
      watches.set(resource, others.add(watch))
      return () => {
        others.delete(watch)
        if (others.size === 0) watches.delete(resource)
      }
    },
    showEvents: figures => {
      events = figures
    },
  }
}

function showQueueIn(registry: Registry, figures: () => Figures | undefined): void {
  const registers = [registry]
  new Gauge({
    name: 'tierwall_queue_depth',
    help: 'Namespaces in the queue, by where they are in it.',
    labelNames: ['state'],
    registers,
    collect() {
      const now = figures()
      if (!now) return
      for (const state of ['waiting', 'running', 'delayed', 'failing'] as const) this.set({ state }, now[state])
    },
  })
  new Gauge({
    name: 'tierwall_queue_oldest_wait_seconds',
    help: 'How long the namespace has waited that has waited longest.',
    registers,
    collect() {
      this.set(figures()?.longestWait ?? 0)
    },
  })
  new Gauge({
    name: 'tierwall_queue_longest_run_seconds',
    help: 'How long the run has lasted that has lasted longest and is not over.',
    registers,
    collect() {
      this.set(figures()?.longestRun ?? 0)
    },
  })
}

/** Of several watches of one resource, in several namespaces, the one that was silent longest counts. */
function showWatchesIn(
  registry: Registry,
  watches: ReadonlyMap<string, ReadonlySet<Watch>>,
  clock: Pick<Clock, 'now'>,
): void {
  new Gauge({
    name: 'tierwall_watch_age_seconds',
    help: 'Time since the last sign of life of a watch, by resource; no value before the first.',
    labelNames: ['resource'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [resource, each] of watches) {
        const ages = [...each].flatMap(watch => watch.lastEventAt() ?? []).map(at => (clock.now() - at) / 1_000)
        if (ages.length > 0) this.set({ resource }, Math.max(0, ...ages))
      }
    },
  })
  new Gauge({
    name: 'tierwall_cache_objects',
    help: 'Objects that are kept in memory, by resource.',
    labelNames: ['resource'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [resource, each] of watches)
        this.set(
          { resource },
          [...each].reduce((sum, { store }) => sum + store.size, 0),
        )
    },
  })
}

function showEventsIn(registry: Registry, figures: () => ReturnType<Recorder['figures']> | undefined): void {
  new Counter({
    name: 'tierwall_events_total',
    help: 'Events on objects that have problems, by whether they could be written.',
    labelNames: ['result'],
    registers: [registry],
    collect() {
      const now = figures()
      if (!now) return
      this.reset()
      this.inc({ result: 'written' }, now.written)
      this.inc({ result: 'dropped' }, now.dropped)
    },
  })
}
