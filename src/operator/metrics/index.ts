/** The figures of a running operator, as Prometheus reads them. docs/metrics.md says what each of them means. */
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Clock } from '../../cluster/index.ts'
import { type Counts, countInto } from './counts.ts'
import { type Findings, findIn } from './findings.ts'
import { type Levels, showIn } from './levels.ts'

export type { Run, Write } from './counts.ts'
export type { Found } from './findings.ts'
export type { Watch } from './levels.ts'

export interface Metrics extends Counts, Levels, Findings {
  readonly writePage: () => Promise<{ readonly contentType: string; readonly text: string }>
}

export interface MetricsOptions {
  readonly clock: Pick<Clock, 'now'>
}

export function createMetrics({ clock }: MetricsOptions): Metrics {
  const registry = new Registry()
  // Its default of 10 ms wakes an idle process a hundred times a second: 6 ms of CPU each second, for finer quantiles.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  return {
    ...countInto(registry),
    ...showIn(registry, clock),
    ...findIn(registry, clock),
    writePage: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  }
}
