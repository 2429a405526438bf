/** The metrics that the operator has, with their labels, as Prometheus would see them. */
import { createMetrics } from '../../src/operator/metrics/index.ts'
import { TestClock } from '../cluster/given.ts'

/** Those that a scrape adds to every sample. */
export const targetLabels = ['instance', 'job', 'pod']

/** By name; a histogram's parts are metrics of their own. */
export async function readFigures(): Promise<ReadonlyMap<string, readonly string[]>> {
  const metrics = createMetrics({ clock: new TestClock() })
  metrics.countRun({ waited: 0, ran: 0, is: 'done' })
  metrics.countAttempt({ method: 'GET', result: '200', seconds: 0 })
  metrics.countWrite({ verb: 'create', kind: 'NetworkPolicy', result: 'written' })
  metrics.countReload('applied')
  metrics.showQueue(() => ({ waiting: 0, running: 0, delayed: 0, failing: 0, longestWait: 0, longestRun: 0 }))
  metrics.showWatch('deployments', { lastEventAt: () => 0, store: { size: 1 } })
  metrics.showEvents(() => ({ written: 0, dropped: 0, waiting: 0 }))
  metrics.showFindings('shop', { problems: [{ code: 'port-invalid' }], uncovered: 1 })
  const { text } = await metrics.writePage()
  const figures = new Map<string, readonly string[]>()
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z]\w*)(?:\{(.*)\})? /gm))
    figures.set(
      name,
      [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label),
    )
  return figures
}
