import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createMetrics, type Metrics } from '../../../src/operator/metrics/index.ts'
import { TestClock } from '../../cluster/given.ts'

const resting = { waiting: 0, running: 0, delayed: 0, failing: 0, longestWait: 0, longestRun: 0 }

/** Something of everything, so that every metric and label shows. */
function useAll(metrics: Metrics): void {
  metrics.countRun({ waited: 0.1, ran: 0.2, is: 'done' })
  metrics.countAttempt({ method: 'GET', result: '200', seconds: 0.01 })
  metrics.countWrite({ verb: 'create', kind: 'NetworkPolicy', result: 'written' })
  metrics.countReload('applied')
  metrics.showQueue(() => resting)
  metrics.showWatch('deployments', { lastEventAt: () => 0, store: { size: 1 } })
  metrics.showEvents(() => ({ written: 1, dropped: 0, waiting: 0 }))
  metrics.showFindings('shop', { problems: [{ code: 'port-invalid' }], uncovered: 1 })
  metrics.showLeader(true)
  metrics.showSettled()
}

const lines = async ({ writePage }: Metrics) => (await writePage()).text.split('\n')

/** The samples of a metric, as Prometheus reads them. */
async function samples(metrics: Metrics, name: string): Promise<string[]> {
  return (await lines(metrics)).filter(line => new RegExp(`^${name}[{ ]`).test(line)).sort()
}

describe('the metrics', () => {
  test('count runs by how they ended, and how long they waited before', async () => {
    const metrics = createMetrics({ clock: new TestClock() })
    metrics.countRun({ waited: 3, ran: 0.003, is: 'done' })
    metrics.countRun({ waited: 0, ran: 40, is: 'failed' })
    expect(await samples(metrics, 'tierwall_reconcile_duration_seconds_count')).toEqual([
      'tierwall_reconcile_duration_seconds_count{result="done"} 1',
      'tierwall_reconcile_duration_seconds_count{result="failed"} 1',
    ])
    expect(await samples(metrics, 'tierwall_reconcile_duration_seconds_sum')).toContain(
      'tierwall_reconcile_duration_seconds_sum{result="failed"} 40',
    )
    expect(await samples(metrics, 'tierwall_queue_wait_seconds_sum')).toEqual(['tierwall_queue_wait_seconds_sum 3'])
  })

  test('count writes and requests by what came of them', async () => {
    const metrics = createMetrics({ clock: new TestClock() })
    metrics.countWrite({ verb: 'create', kind: 'NetworkPolicy', result: 'written' })
    metrics.countWrite({ verb: 'create', kind: 'NetworkPolicy', result: 'written' })
    metrics.countWrite({ verb: 'patch', kind: 'AppTier', result: 'conflict' })
    metrics.countAttempt({ method: 'POST', result: '201', seconds: 0.004 })
    metrics.countAttempt({ method: 'POST', result: 'timeout', seconds: 30 })
    expect(await samples(metrics, 'tierwall_writes_total')).toEqual([
      'tierwall_writes_total{verb="create",kind="NetworkPolicy",result="written"} 2',
      'tierwall_writes_total{verb="patch",kind="AppTier",result="conflict"} 1',
    ])
    expect(await samples(metrics, 'tierwall_api_request_attempts_total')).toEqual([
      'tierwall_api_request_attempts_total{method="POST",result="201"} 1',
      'tierwall_api_request_attempts_total{method="POST",result="timeout"} 1',
    ])
    expect(await samples(metrics, 'tierwall_api_request_duration_seconds_count')).toEqual([
      'tierwall_api_request_duration_seconds_count{method="POST"} 2',
    ])
  })

  test('show the queue as it is when somebody asks', async () => {
    const metrics = createMetrics({ clock: new TestClock() })
    expect(await samples(metrics, 'tierwall_queue_depth')).toEqual([])
    let figures = { ...resting, waiting: 7, failing: 1, longestWait: 12.5, longestRun: 3 }
    metrics.showQueue(() => figures)
    expect(await samples(metrics, 'tierwall_queue_depth')).toEqual([
      'tierwall_queue_depth{state="delayed"} 0',
      'tierwall_queue_depth{state="failing"} 1',
      'tierwall_queue_depth{state="running"} 0',
      'tierwall_queue_depth{state="waiting"} 7',
    ])
    expect(await samples(metrics, 'tierwall_queue_oldest_wait_seconds')).toEqual([
      'tierwall_queue_oldest_wait_seconds 12.5',
    ])
    figures = { ...resting, longestRun: 4 }
    expect(await samples(metrics, 'tierwall_queue_oldest_wait_seconds')).toEqual([
      'tierwall_queue_oldest_wait_seconds 0',
    ])
    expect(await samples(metrics, 'tierwall_queue_longest_run_seconds')).toEqual([
      'tierwall_queue_longest_run_seconds 4',
    ])
  })

  test('show the age of the most silent watch of a resource, and all that is cached of it', async () => {
    const clock = new TestClock()
    const metrics = createMetrics({ clock })
    const began = clock.now()
    metrics.showWatch('services', { lastEventAt: () => began, store: { size: 2 } })
    const leave = metrics.showWatch('services', { lastEventAt: () => began - 30_000, store: { size: 3 } })
    metrics.showWatch('apptiers', { lastEventAt: () => undefined, store: { size: 0 } })
    await clock.advance(15_000)
    expect(await samples(metrics, 'tierwall_watch_age_seconds')).toEqual([
      'tierwall_watch_age_seconds{resource="services"} 45',
    ])
    expect(await samples(metrics, 'tierwall_cache_objects')).toEqual([
      'tierwall_cache_objects{resource="apptiers"} 0',
      'tierwall_cache_objects{resource="services"} 5',
    ])
    leave()
    expect(await samples(metrics, 'tierwall_watch_age_seconds')).toEqual([
      'tierwall_watch_age_seconds{resource="services"} 15',
    ])
  })

  test('add up the problems of all namespaces, and forget those that are solved', async () => {
    const metrics = createMetrics({ clock: new TestClock() })
    const wrong = { code: 'port-invalid' } as const
    const doubtful = { code: 'tier-overlap' } as const
    metrics.showFindings('shop', { problems: [wrong, wrong, doubtful], uncovered: 2 })
    metrics.showFindings('bi', { problems: [wrong], uncovered: 0 })
    expect(await samples(metrics, 'tierwall_problems')).toEqual([
      'tierwall_problems{code="port-invalid",severity="error"} 3',
      'tierwall_problems{code="tier-overlap",severity="warning"} 1',
    ])
    expect(await samples(metrics, 'tierwall_uncovered_workloads')).toEqual([
      'tierwall_uncovered_workloads{namespace="shop"} 2',
    ])
    metrics.showFindings('shop', { problems: [], uncovered: 0 })
    expect(await samples(metrics, 'tierwall_problems')).toEqual([
      'tierwall_problems{code="port-invalid",severity="error"} 1',
    ])
    expect(await samples(metrics, 'tierwall_uncovered_workloads')).toEqual([])
  })

  test('show who leads, when all was settled, and whether the configuration is the one that was written', async () => {
    const clock = new TestClock()
    const metrics = createMetrics({ clock })
    const now = async () =>
      (await lines(metrics)).filter(line => /^tierwall_(leader|last_settled|configuration_last)/.test(line)).sort()
    expect(await now()).toEqual([
      'tierwall_configuration_last_reload_successful 1',
      'tierwall_last_settled_timestamp_seconds 0',
      'tierwall_leader 0',
    ])
    metrics.showLeader(true)
    metrics.showSettled()
    metrics.countReload('refused')
    expect(await now()).toEqual([
      'tierwall_configuration_last_reload_successful 0',
      'tierwall_last_settled_timestamp_seconds 1700000000',
      'tierwall_leader 1',
    ])
    metrics.showLeader(false)
    metrics.countReload('applied')
    expect(await now()).toEqual([
      'tierwall_configuration_last_reload_successful 1',
      'tierwall_last_settled_timestamp_seconds 1700000000',
      'tierwall_leader 0',
    ])
  })

  test('show the Events as their recorder counts them, however often they are asked for', async () => {
    const metrics = createMetrics({ clock: new TestClock() })
    metrics.showEvents(() => ({ written: 5, dropped: 2, waiting: 0 }))
    for (let times = 0; times < 3; times++)
      expect(await samples(metrics, 'tierwall_events_total')).toEqual([
        'tierwall_events_total{result="dropped"} 2',
        'tierwall_events_total{result="written"} 5',
      ])
  })

  test('escape what comes from users', async () => {
    const metrics = createMetrics({ clock: new TestClock() })
    metrics.countWrite({ verb: 'create', kind: 'a"\n\\b', result: 'written' })
    expect(await samples(metrics, 'tierwall_writes_total')).toEqual([
      'tierwall_writes_total{verb="create",kind="a\\"\\n\\\\b",result="written"} 1',
    ])
  })

  test('of two operators in one process are apart', async () => {
    const [one, other] = [createMetrics({ clock: new TestClock() }), createMetrics({ clock: new TestClock() })]
    one.showLeader(true)
    expect(await samples(other, 'tierwall_leader')).toEqual(['tierwall_leader 0'])
  })

  test('come in the type that Prometheus asks for', async () => {
    const { contentType } = await createMetrics({ clock: new TestClock() }).writePage()
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  })
})

describe('docs/metrics.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8')

  test('lists every metric with its type and its labels, and no other', async () => {
    const metrics = createMetrics({ clock: new TestClock() })
    useAll(metrics)
    const rows = page.matchAll(/^\| `(tierwall_\w+(?:\{[\w,]+\})?)` +\| (\w+) +\| \S/gm)
    expect([...rows].map(([, metric, type]) => `${metric} ${type}`).sort()).toEqual(await describeAll(metrics))
  })

  test('names only metrics that there are', async () => {
    const metrics = createMetrics({ clock: new TestClock() })
    useAll(metrics)
    const text = (await metrics.writePage()).text
    const named = [...page.matchAll(/\b(?:tierwall|process|nodejs)_\w+/g)].map(([name]) => name)
    expect(named.filter(name => !text.includes(`# TYPE ${name} `))).toEqual([])
  })
})

/** `name{label,label} type` of each metric of ours, read from the page that Prometheus gets. */
async function describeAll(metrics: Metrics): Promise<string[]> {
  const all = await lines(metrics)
  const types = all.flatMap(line => {
    const [, name, type] = /^# TYPE (tierwall_\w+) (\w+)$/.exec(line) ?? []
    return name === undefined || type === undefined ? [] : [{ name, type }]
  })
  return types
    .map(({ name, type }) => {
      const sample = all.find(line => line.startsWith(name) && /[\d.]$/.test(line)) ?? ''
      const labels = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label).filter(label => label !== 'le')
      return `${name}${labels.length === 0 ? '' : `{${labels.join(',')}}`} ${type}`
    })
    .sort()
}
