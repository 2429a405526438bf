/** Notices a run that does not end: what began, and whether any of it has lasted for too long. */
import type { Clock } from '../../cluster/index.ts'
import type { Health } from './checks.ts'

export interface Watchdog {
  /** What it returns marks the end; calling that twice does no harm. */
  readonly begin: (what: string) => () => void
  readonly check: () => Health
}

export interface WatchdogOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Milliseconds that one run may last: every request in it has a limit of its own, so that this many mean a bug. */
  readonly limit?: number
}

export function createWatchdog({ clock, limit = 120_000 }: WatchdogOptions): Watchdog {
  const running = new Set<{ readonly what: string; readonly since: number }>()
  return {
    begin: what => {
      const run = { what, since: clock.monotonic() }
      running.add(run)
      return () => void running.delete(run)
    },
    check: () => {
      // In the order in which they began.
      const [longest] = running
      const lasted = longest ? clock.monotonic() - longest.since : 0
      if (!longest || lasted <= limit) return { ok: true, because: `${running.size} running` }
      const because = `${longest.what} has run for ${Math.floor(lasted / 1_000)} s, and may run for ${limit / 1_000} s`
      return { ok: false, because }
    },
  }
}
