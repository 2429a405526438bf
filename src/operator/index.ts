/** The loop: watch → namespace with news → outlook → plan → apply → tell. One process of several does it, by a Lease. */
import type { Configuration } from '../api/configuration.ts'
import type { OperatorSettings } from '../api/operator-settings.ts'
import {
  type Connection,
  createQueue,
  createRecorder,
  createWriter,
  describeFailure,
  type Given,
  startElector,
} from '../cluster/index.ts'
import { takeOutlook } from '../live/outlook.ts'
import { operator, resources } from '../live/resources.ts'
import { fieldManager } from '../live/seen-policy.ts'
import { createAdopt } from './adopt.ts'
import { createApply } from './apply.ts'
import { createAudit } from './audit.ts'
import { createBatches, type RunBatch } from './batches.ts'
import { followDefinition } from './definition.ts'
import { createFights } from './fights.ts'
import { type Checks, createWatchdog } from './health/index.ts'
import type { Metrics } from './metrics/index.ts'
import { createNews, readTold, reportingController } from './news/index.ts'
import { createReconcile } from './reconcile.ts'
import { watchAll } from './scope.ts'
import { createStatuses } from './statuses.ts'
import { createSurvey } from './survey.ts'
import { createTell } from './tell.ts'
import { createVacated } from './vacated.ts'
import { createWatches } from './watches.ts'
import { World } from './world.ts'

export interface OperatorOptions extends Given {
  readonly connection: Connection
  readonly settings: OperatorSettings
  readonly configuration: Configuration
  readonly metrics: Metrics
  /** No two processes share it. */
  readonly identity: string
  readonly leaseNamespace: string
  /** Nothing may be written any more: the process has to end. */
  readonly onLost: (because: string) => void
}

export interface Operator {
  /** Counts as soon as what it names is known. */
  readonly configure: (configuration: Configuration) => Promise<void>
  readonly alive: Checks
  readonly ready: Checks
  /** Ends what is under way, then gives the Lease back. */
  readonly stop: () => Promise<void>
}

/** What the API server takes at once without others having to wait. */
const concurrency = 16
/** Events that had to wait for others. */
const tellAgain = 60_000

export function startOperator(options: OperatorOptions): Operator {
  const { connection, settings, identity, leaseNamespace, onLost, metrics, clock, random, log } = options
  const given = { clock, random, log }
  let { configuration } = options
  /** Not yet in force while what it names is unknown. */
  let latest = configuration
  let relisted = false

  const definition = followDefinition({
    send: connection.request,
    clock,
    onServes: served => world.setServesAppTiers(served),
    onReturn: () => {
      for (const { what, reflector } of watches.all()) if (what === resources.appTiers) reflector.relist()
    },
  })
  const vacated = createVacated(clock)
  const world: World = new World({
    after: clock.after,
    removalDelay: settings.removalDelay * 1_000,
    configuration: () => configuration,
    adopt: settings.adopt,
    onNews: namespace => queue.add(namespace),
    onVacated: vacated.note,
    onAppTierDeleted: definition.doubt,
  })
  const elector = startElector({
    ...given,
    send: connection.requestForLease,
    namespace: leaseNamespace,
    name: operator.lease,
    identity,
    timing: {
      leaseDuration: settings.lease.duration * 1_000,
      renewDeadline: settings.lease.renewDeadline * 1_000,
      retryPeriod: settings.lease.retryPeriod * 1_000,
    },
    onWon: () => void lead(),
    onLost: because => {
      metrics.showLeader(false)
      onLost(because)
    },
  })
  const mayWriteUntil = () => elector.mayWriteUntil()
  const writer = createWriter({ send: connection.request, fieldManager })
  const onWritten = world.takeWritten.bind(world)
  const recorder = createRecorder({
    ...given,
    send: request => connection.request({ ...request, notAfter: mayWriteUntil() }),
    controller: reportingController,
    instance: identity,
  })
  const statuses = createStatuses({
    ...given,
    writer,
    mayWriteUntil,
    onResult: result => metrics.countWrite({ verb: 'patch', kind: 'AppTier', result }),
  })
  const survey = createSurvey({
    clock,
    decide: namespaces => takeOutlook(world.view(), namespaces).decision,
    onChange: namespace => queue.add(namespace),
  })
  const watchdog = createWatchdog({ clock })
  const verbs = { create: 'create', replace: 'update', delete: 'delete' } as const
  const fights = createFights(clock)
  let news = createNews({ recorder })
  let audit = createAudit({ recorder, log, told: new Map() })
  const tell = createTell({
    clock,
    world,
    news: { tell: (...words) => news.tell(...words) },
    metrics,
    survey,
    putStatus: statuses.put,
    again: namespace => queue.addAfter(namespace, tellAgain),
  })
  const reconcile = createReconcile({
    world,
    apply: createApply({
      writer,
      log,
      concurrency,
      mayWriteUntil,
      find: (namespace, name) => world.slots.get(namespace)?.policies.get(name),
      vacated,
      onSent: world.sent.begin,
      read: world.readPolicy,
      onWritten,
      onDeleted: world.takeDeleted.bind(world),
      onResult: (verb, result) => metrics.countWrite({ verb: verbs[verb], kind: 'NetworkPolicy', result }),
    }),
    adopt: createAdopt({ send: connection.request, log, mayWriteUntil, onWritten }),
    fights,
    mayWrite: () => relisted && elector.isLeader(),
    requeue: namespace => queue.add(namespace),
    report: round => {
      tell(round)
      for (const { namespace } of round.outlook.targets) {
        audit.report(namespace, world.slots.get(namespace)?.self, round.outlook.decision)
        survey.add(namespace)
      }
    },
  })
  const run: RunBatch = async (namespaces, onClosed) => {
    const end = watchdog.begin(`a batch of ${namespaces.length} namespaces`)
    try {
      const outcomes = await reconcile(namespaces, onClosed)
      for (const namespace of namespaces)
        if (!world.slots.get(namespace)) metrics.showFindings(namespace, { problems: [], uncovered: 0 })
      return outcomes
    } finally {
      end()
    }
  }
  const batches = createBatches({ clock, run })
  const queue = createQueue({
    ...given,
    run: batches.join,
    concurrency: Number.POSITIVE_INFINITY,
    paused: true,
    onRun: run => {
      metrics.countRun(run)
      if (queue.settled()) metrics.showSettled()
    },
  })
  const watches = createWatches(given, connection, ({ what, reflector }) => metrics.showWatch(what.plural, reflector))
  const watch = (configuration: Configuration) => watchAll({ watches, world, definition, settings, configuration })
  watch(configuration)
  metrics.showQueue(queue.figures)
  metrics.showEvents(recorder.figures)

  const lead = async () => {
    // What others wrote and told while they led must be known before anything is planned.
    // Events on Namespaces, which are in no namespace themselves, are kept in this one.
    const scope = settings.namespaces.length > 0 ? [...new Set([...settings.namespaces, 'default'])] : undefined
    const [{ told, failures }] = await Promise.all([readTold(connection.request, scope), watches.relist()])
    for (const failure of failures)
      log.warn({ failure: describeFailure(failure) }, 'Events could not be read: some may be told again')
    news = createNews({ recorder, told })
    audit = createAudit({ recorder, log, told })
    relisted = true
    metrics.showLeader(true)
    log.info({}, 'the cluster is known')
    world.tellOfAll()
    queue.start()
  }

  return {
    async configure(next) {
      latest = next
      // Where DNS is by the next one must be known before anything is decided by it: until then the one before holds.
      await Promise.all(watch(next).map(({ reflector }) => reflector.synced()))
      if (latest !== next) return
      configuration = next
      world.tellOfAll()
    },
    alive: { loop: watchdog.check },
    ready: {
      caches: () => {
        const missing = watches.all().filter(({ reflector }) => !reflector.isSynced())
        const names = missing.map(({ what, namespace = '' }) => `${what.plural}${namespace && ` in ${namespace}`}`)
        return {
          ok: missing.length === 0,
          because: missing.length === 0 ? 'all known' : `not known yet: ${names.join(', ')}`,
        }
      },
    },
    stop: async () => {
      world.stop()
      definition.stop()
      survey.stop()
      await queue.stop()
      await batches.idle()
      await Promise.all([statuses.stop(), recorder.stop()])
      await elector.stop()
      await watches.stop()
    },
  }
}
