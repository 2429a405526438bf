/** `tierwall run`: the operator, until it is told to stop. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setImmediate as endOfTurn } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import { isolationModes } from '../api/configuration.ts'
import { logFormats, logLevels } from '../api/operator-settings.ts'
import { connect, createLog, describeFailure, makeIdentity, systemClock } from '../cluster/index.ts'
import { startOperator } from '../operator/index.ts'
import { createMetrics } from '../operator/metrics/index.ts'
import { followConfiguration } from './run/follow-configuration.ts'
import { chooseLeaseNamespace } from './run/lease-namespace.ts'
import { type RunOptions, readRunConfiguration } from './run/options.ts'
import { serveOperator } from './run/serve.ts'
import { tellProblems, tellTrouble } from './terminal.ts'
import { version } from './version.ts'

export function addRun(program: Command): void {
  const option = (flags: string, description: string, variable: string) =>
    new Option(flags, description).env(`TIERWALL_${variable}`)
  program
    .command('run')
    .description('the operator: keeps the NetworkPolicies of a cluster true')
    .addOption(
      new Option('--kubeconfig <file>', 'default: KUBECONFIG, ~/.kube/config, or the service account of the pod'),
    )
    .addOption(option('--context <name>', 'of the kubeconfig', 'CONTEXT'))
    .addOption(option('--config <file>', "the cluster admin's configuration; read again when it changes", 'CONFIG'))
    .addOption(option('--namespaces <list>', 'only these, with commas between them', 'NAMESPACES'))
    .addOption(option('--isolation <mode>', 'of namespaces that say nothing', 'ISOLATION').choices(isolationModes))
    .addOption(
      new Option('--adopt', "take over others' policies that are what Tierwall would write (env: TIERWALL_ADOPT)"),
    )
    .addOption(option('--removal-delay <seconds>', 'how long what was deleted still counts', 'REMOVAL_DELAY'))
    .addOption(option('--operator-namespace <name>', 'where its Lease is', 'OPERATOR_NAMESPACE'))
    .addOption(option('--lease-duration <seconds>', 'how long others wait for a leader', 'LEASE_DURATION'))
    .addOption(option('--renew-deadline <seconds>', 'how long a leader may write', 'RENEW_DEADLINE'))
    .addOption(option('--retry-period <seconds>', 'how often the Lease is renewed', 'RETRY_PERIOD'))
    .addOption(option('--health <address>', 'where /healthz and /readyz are: :PORT, HOST:PORT or off', 'HEALTH'))
    .addOption(option('--metrics <address>', 'where /metrics is: :PORT, HOST:PORT or off', 'METRICS'))
    .addOption(option('--log-level <level>', 'what is logged', 'LOG_LEVEL').choices(logLevels))
    .addOption(option('--log-format <format>', 'how it is written', 'LOG_FORMAT').choices(logFormats))
    .addHelpText(
      'after',
      `
Each option may stand in the configuration file as well; flags come first, then the environment.

Examples:
  $ tierwall run
  $ tierwall run --context staging --namespaces shop,data
  $ tierwall run --config /etc/tierwall/config.yaml --isolation audit`,
    )
    .action(async (options: RunOptions) => {
      process.exitCode = await run(options)
    })
}

async function run(options: RunOptions): Promise<number> {
  const read = await readRunConfiguration(options, process.env)
  if ('trouble' in read) return tellTrouble(read.trouble)
  if (read.problems.length > 0) {
    tellProblems(read.problems, read.locate)
    return 1
  }
  const { configuration } = read
  const settings = configuration.operator
  const log = createLog(settings.log.level, settings.log.format)
  const given = { clock: systemClock, random: Math.random, log }
  const metrics = createMetrics({ clock: systemClock })
  const connected = await connect({
    ...given,
    ...options,
    userAgent: `tierwall/${version}`,
    connections: 16,
    onAttempt: metrics.countAttempt,
  })
  if (!connected.ok)
    return tellTrouble({
      message: describeFailure(connected.failure),
      fix: 'set KUBECONFIG, --kubeconfig or --context',
    })
  const { connection } = connected
  const { operatorNamespace } = configuration
  const inCluster = process.env.POD_NAMESPACE !== undefined
  const leaseNamespace = inCluster ? operatorNamespace : await chooseLeaseNamespace(connection, operatorNamespace, log)

  const ended = Promise.withResolvers<number>()
  const identity = makeIdentity(hostname(), randomUUID())
  log.info({ server: connection.server, version, identity, leaseNamespace }, 'Tierwall starts')
  const operator = startOperator({
    ...given,
    metrics,
    connection,
    settings,
    configuration,
    identity,
    leaseNamespace,
    onLost: () => ended.resolve(1),
  })
  const served = await serveOperator(operator, { settings, metrics, options, log })
  if (!served.ok) {
    await operator.stop()
    // What ended it stands last, also after what was logged in this turn.
    await endOfTurn()
    return tellTrouble(served.trouble)
  }
  const stopFollowing = followConfiguration(options, {
    configuration,
    log,
    onChange: operator.configure,
    onRead: ok => metrics.countReload(ok ? 'applied' : 'refused'),
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      log.info({ signal }, 'Tierwall stops')
      ended.resolve(0)
    })
  const code = await ended.promise
  stopFollowing()
  await served.stop()
  if (code === 0) await operator.stop()
  await connection.close()
  // Whoever lost the Lease must not write again, whatever is still under way.
  process.exit(code)
}
