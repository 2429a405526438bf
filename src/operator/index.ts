/** The loop: watch → namespace with news → outlook → plan → apply → tell. One process of several does it, by a Lease. */
import type { Configuration } from '../api/configuration.ts'
import type { OperatorSettings } from '../api/operator-settings.ts'
import { type Connection, createQueue, createWriter, type Given, startElector } from '../cluster/index.ts'
import { operator } from '../live/resources.ts'
import { fieldManager } from '../live/seen-policy.ts'
import { createAdopt } from './adopt.ts'
import { createApply } from './apply.ts'
import { createBatches } from './batches.ts'
import { followDefinition } from './definition.ts'
import { createFights } from './fights.ts'
import { createReconcile } from './reconcile.ts'
import { watchAll } from './scope.ts'
import { createWatches } from './watches.ts'
import { World } from './world.ts'

export interface OperatorOptions extends Given {
  readonly connection: Connection
  readonly settings: OperatorSettings
  readonly configuration: Configuration
  /** No two processes share it. */
  readonly identity: string
  readonly leaseNamespace: string
  /** Nothing may be written any more: the process has to end. */
  readonly onLost: (because: string) => void
}

export interface Operator {
  /** From now on this counts. */
  readonly configure: (configuration: Configuration) => void
  /** Ends what is under way, then gives the Lease back. */
  readonly stop: () => Promise<void>
}

/** What the API server takes at once without others having to wait. */
const concurrency = 16

export function startOperator(options: OperatorOptions): Operator {
  const { connection, settings, identity, leaseNamespace, onLost, clock, random, log } = options
  const given = { clock, random, log }
  let { configuration } = options
  let relisted = false

  const definition = followDefinition({
    send: connection.request,
    clock,
    onServes: served => world.setServesAppTiers(served),
  })
  const world: World = new World({
    after: clock.after,
    removalDelay: settings.removalDelay * 1_000,
    configuration: () => configuration,
    adopt: settings.adopt,
    onNews: namespace => queue.add(namespace),
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
    onLost,
  })
  const mayWriteUntil = () => elector.mayWriteUntil()
  const onWritten = world.takeWritten.bind(world)
  const reconcile = createReconcile({
    world,
    apply: createApply({
      writer: createWriter({ send: connection.request, fieldManager }),
      log,
      concurrency,
      mayWriteUntil,
      find: (namespace, name) => world.slots.get(namespace)?.policies.get(name),
      onWritten,
      onDeleted: world.takeDeleted.bind(world),
    }),
    adopt: createAdopt({ send: connection.request, log, mayWriteUntil, onWritten }),
    fights: createFights(clock),
    mayWrite: () => relisted && elector.isLeader(),
    requeue: namespace => queue.add(namespace),
    report: () => {},
  })
  const batches = createBatches(reconcile, () => new Promise(resolve => setImmediate(resolve)))
  const queue = createQueue({ ...given, run: batches.join, concurrency: Number.POSITIVE_INFINITY, paused: true })
  const watches = createWatches(given, connection)
  watchAll({ watches, world, definition, settings, configuration: () => configuration })

  const lead = async () => {
    // What others wrote while they led must be known before anything is planned.
    await watches.relist()
    relisted = true
    log.info({}, 'the cluster is known')
    world.tellOfAll()
    queue.start()
  }

  return {
    configure(next) {
      configuration = next
      watchAll({ watches, world, definition, settings, configuration: () => configuration })
      world.tellOfAll()
    },
    stop: async () => {
      world.stop()
      definition.stop()
      await queue.stop()
      await batches.idle()
      await elector.stop()
      await watches.stop()
    },
  }
}
