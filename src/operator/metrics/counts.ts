/** What is counted as it happens: runs, requests, writes and reloads. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Attempt } from '../../cluster/index.ts'

export interface Counts {
  /** Takes what the queue's `onRun` gives. */
  readonly countRun: (run: Run) => void
  /** Takes what the connection's `onAttempt` gives. */
  readonly countAttempt: (attempt: Attempt) => void
  readonly countWrite: (write: Write) => void
  readonly countReload: (result: 'applied' | 'refused') => void
}

export interface Run {
  /** Seconds. */
  readonly waited: number
  readonly ran: number
  readonly is: string
}

export interface Write {
  readonly verb: 'create' | 'update' | 'patch' | 'delete'
  readonly kind: string
  /** `written`, or how it was lost: `exists`, `conflict`, `missing`, `failed`. */
  readonly result: string
}

/** From a run that finds nothing to do to one that the watchdog would end. */
const runSeconds = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 30, 120]
const requestSeconds = [0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2, 10, 30]

export function countInto(registry: Registry): Counts {
  const registers = [registry]
  const runs = new Histogram({
    name: 'tierwall_reconcile_duration_seconds',
    help: 'Time that one look at a namespace took, by how it ended.',
    labelNames: ['result'],
    buckets: runSeconds,
    registers,
  })
  const waits = new Histogram({
    name: 'tierwall_queue_wait_seconds',
    help: 'Time that a namespace with news waited before it was looked at.',
    buckets: runSeconds,
    registers,
  })
  const attempts = new Counter({
    name: 'tierwall_api_request_attempts_total',
    help: 'Requests sent to the API server, by HTTP method and by status code or kind of failure.',
    labelNames: ['method', 'result'],
    registers,
  })
  const answers = new Histogram({
    name: 'tierwall_api_request_duration_seconds',
    help: 'Time until a request to the API server was answered or given up, watches aside.',
    labelNames: ['method'],
    buckets: requestSeconds,
    registers,
  })
  const writes = new Counter({
    name: 'tierwall_writes_total',
    help: 'Objects written to the cluster, by what was done, their kind and what came of it.',
    labelNames: ['verb', 'kind', 'result'],
    registers,
  })
  const reloads = new Counter({
    name: 'tierwall_configuration_reloads_total',
    help: 'How often the configuration file was read anew, by whether it could be used.',
    labelNames: ['result'],
    registers,
  })
  const reloaded = new Gauge({
    name: 'tierwall_configuration_last_reload_successful',
    help: '0 while the configuration file cannot be used and an older one counts.',
    registers,
  })
  reloaded.set(1)
  return {
    countRun: ({ waited, ran, is }) => {
      runs.observe({ result: is }, ran)
      waits.observe(waited)
    },
    countAttempt: ({ method, result, seconds }) => {
      attempts.inc({ method, result })
      answers.observe({ method }, seconds)
    },
    countWrite: ({ verb, kind, result }) => writes.inc({ verb, kind, result }),
    countReload: result => {
      reloads.inc({ result })
      reloaded.set(result === 'applied' ? 1 : 0)
    },
  }
}
