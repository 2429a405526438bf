/** What others ask of a running operator: is it alive, is it ready, how is it doing. On two ports; each may be left out. */
import type { Clock, Log } from '../../cluster/index.ts'
import { type Checks, runChecks } from './checks.ts'
import { type Limits, type Page, plainPage, type Running, startServer } from './server.ts'

export type { Checks, Health } from './checks.ts'
export { createWatchdog, type Watchdog } from './stuck.ts'

export interface HealthOptions {
  readonly clock: Clock
  readonly log: Log
  /** Without it, all addresses of this machine. */
  readonly host?: string | undefined
  /** Nothing where it is not wanted; 0 for any port that is free. */
  readonly healthPort?: number | undefined
  readonly metricsPort?: number | undefined
  /** Where one fails, the process is to be started anew. */
  readonly alive: Checks
  /** Where one fails, it does not do its work yet. */
  readonly ready: Checks
  readonly writeMetrics: () => Promise<{ readonly contentType: string; readonly text: string }>
  readonly limits?: Partial<Limits>
}

export interface HealthServers {
  /** Where they listen; nothing where they do not. */
  readonly healthPort: number | undefined
  readonly metricsPort: number | undefined
  readonly stop: () => Promise<void>
}

export type HealthReply =
  | { readonly ok: true; readonly servers: HealthServers }
  | { readonly ok: false; readonly because: string }

export async function serveHealth(options: HealthOptions): Promise<HealthReply> {
  const { healthPort, metricsPort, alive, ready, writeMetrics } = options
  const health = await startOn(healthPort, options, {
    '/healthz': () => writeChecks(alive),
    '/readyz': () => writeChecks(ready),
  })
  if (health && !health.ok) return health
  const metrics = await startOn(metricsPort, options, {
    '/metrics': async () => ({ status: 200, ...(await writeMetrics()) }),
  })
  const running: Running[] = health ? [health.server] : []
  const stop = async () => void (await Promise.all(running.map(server => server.stop())))
  if (metrics && !metrics.ok) {
    await stop()
    return metrics
  }
  if (metrics) running.push(metrics.server)
  return { ok: true, servers: { healthPort: health?.server.port, metricsPort: metrics?.server.port, stop } }
}

async function startOn(
  port: number | undefined,
  { clock, log, host, limits }: HealthOptions,
  pages: Readonly<Record<string, () => Page | Promise<Page>>>,
) {
  return port === undefined ? undefined : startServer({ clock, log, host, port, pages, limits })
}

function writeChecks(checks: Checks): Page {
  const { ok, text } = runChecks(checks)
  return plainPage(ok, text)
}
