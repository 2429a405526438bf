/** Health and metrics of a running operator, where its settings say. */
import type { OperatorSettings } from '../../api/operator-settings.ts'
import { type Log, systemClock } from '../../cluster/index.ts'
import { serveHealth } from '../../operator/health/index.ts'
import type { Operator } from '../../operator/index.ts'
import type { Metrics } from '../../operator/metrics/index.ts'
import type { Trouble } from '../../report/world/name.ts'
import type { RunOptions } from './options.ts'

interface Given {
  readonly settings: OperatorSettings
  readonly metrics: Metrics
  readonly options: RunOptions
  readonly log: Log
}

type Served =
  | { readonly ok: true; readonly stop: () => Promise<void> }
  | { readonly ok: false; readonly trouble: Trouble }

export async function serveOperator(operator: Operator, { settings, metrics, options, log }: Given): Promise<Served> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => void (await Promise.all(stops.map(stop => stop())))
  for (const what of ['health', 'metrics'] as const) {
    const address = readAddress(settings[what])
    if (!address) continue
    const { host, port } = address
    const reply = await serveHealth({
      clock: systemClock,
      log,
      host,
      ...(what === 'health' ? { healthPort: port } : { metricsPort: port }),
      alive: operator.alive,
      ready: operator.ready,
      writeMetrics: metrics.writePage,
    })
    if (reply.ok) {
      const { healthPort, metricsPort, stop } = reply.servers
      log.info({ [what]: healthPort ?? metricsPort }, `${what} is served`)
      stops.push(stop)
      continue
    }
    const isAsked = options[what] !== undefined || process.env.POD_NAMESPACE !== undefined
    if (isAsked) {
      // Else the page that is served already keeps the process alive, and says of it that all is well.
      await stop()
      return { ok: false, trouble: { message: reply.because, fix: `give another address with --${what}, or off` } }
    }
    // On somebody's own machine the usual port is often taken, and nobody asked for it.
    log.warn({ [what]: settings[what], because: reply.because }, `${what} is not served`)
  }
  return { ok: true, stop }
}

function readAddress(text: string): { readonly host: string | undefined; readonly port: number } | undefined {
  if (text === 'off') return undefined
  const at = text.lastIndexOf(':')
  const host = text.slice(0, at).replace(/^\[|\]$/g, '')
  return { host: host === '' ? undefined : host, port: Number(text.slice(at + 1)) }
}
