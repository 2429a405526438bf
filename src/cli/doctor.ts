/** `tierwall doctor`: does this cluster do what NetworkPolicies say, and has Tierwall what it needs? */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Connection } from '../cluster/index.ts'
import type { Configured, Probed } from '../doctor/index.ts'
import { onOneLine } from '../report/one-line.ts'
import { type ConnectionOptions, leaveInTrouble, openCluster, withConnection } from './cluster.ts'
import { readConfigurationFile } from './configuration.ts'
import { paintFor, print, tell, tellTrouble } from './terminal.ts'
import { version } from './version.ts'

interface DoctorOptions extends ConnectionOptions {
  readonly namespace?: string
  readonly config?: string
  readonly output: 'text' | 'json'
  readonly probe?: boolean
  readonly probeImage?: string
  /** Seconds. */
  readonly timeout?: number
}

/** Seconds: two nodes may have to pull the image first. */
const usualTimeout = 180

export function addDoctor(program: Command): void {
  withConnection(program.command('doctor'))
    .description('does this cluster enforce policies, and has Tierwall what it needs')
    .addOption(new Option('-n, --namespace <namespace>', 'for policies and rights in this namespace alone'))
    .addOption(new Option('--config <file>', "the cluster admin's configuration; else the operator's ConfigMap"))
    .addOption(new Option('-o, --output <format>', 'how to write it').choices(['text', 'json']).default('text'))
    .addOption(new Option('--probe', 'prove with two pods at a time that policies are enforced'))
    .addOption(
      new Option('--probe-image <image>', "for these pods: agnhost from a mirror of yours; else Kubernetes' own"),
    )
    .addOption(
      new Option('--timeout <seconds>', `how long the probe may take; else ${usualTimeout}`).argParser(readSeconds),
    )
    .addHelpText(
      'after',
      `
It only looks, unless told to --probe. The exit code is 1 where a check fails.

--probe makes a namespace of its own with a server and a client in it. The client must reach the server, must not under
a policy that denies it, and must again once that is gone; first for ingress, then for egress. The namespace is removed
in any case, also on Ctrl-C. Where nothing is proved, the check fails and says what stood in the way.

Examples:
  $ tierwall doctor
  $ tierwall doctor --probe
  $ tierwall doctor --probe --probe-image registry.example.com/agnhost:2.53
  $ tierwall doctor --context production -n shop`,
    )
    .action(async (options: DoctorOptions) => {
      process.exitCode = await doctor(options)
    })
}

const longest = 3_600

function readSeconds(text: string): number {
  const seconds = Number(text.replace(/s$/, ''))
  if (text.trim() === '' || !Number.isInteger(seconds) || seconds < 1 || seconds > longest)
    throw new InvalidArgumentError(`Write a whole number of seconds from 1 to ${longest}.`)
  return seconds
}

async function doctor({ output, config, ...options }: DoctorOptions): Promise<number> {
  const idle = findIdle(options)
  if (idle !== undefined)
    return tellTrouble({ message: `${idle} means nothing without --probe`, fix: 'add --probe, or take it away' })
  const opened = await openCluster(options)
  if ('trouble' in opened) leaveInTrouble(opened.trouble)
  // Loaded here alone, as all that knows of clusters.
  const { countVerdicts, diagnose, diagnosisAsJson, diagnosisAsText, gatherFacts } = await import('../doctor/index.ts')
  const { connection } = opened
  // First, so that what it leaves or finds of earlier ones is seen as it is then.
  const probed = options.probe ? await runProbe(connection, options) : undefined
  if (probed === 'stopped') {
    await connection.close()
    return 1
  }
  const facts = await gatherFacts({
    contextNamespace: connection.namespace,
    send: connection.request,
    tierwall: version,
    namespace: options.namespace,
    configured: config === undefined ? undefined : await readFile(config),
    now: Date.now(),
  })
  await connection.close()
  const findings = diagnose({ ...facts, ...(probed && { probed }) })
  const write = output === 'json' ? diagnosisAsJson : diagnosisAsText
  print(write({ server: connection.server, findings }, paintFor(process.stdout)))
  const { ok, warn, fail } = countVerdicts(findings)
  tell(`${ok} ok, ${warn} to look at, ${fail} failed\n`)
  return fail > 0 ? 1 : 0
}

function findIdle({ probe, probeImage, timeout }: Omit<DoctorOptions, 'output'>): string | undefined {
  if (probe) return undefined
  if (probeImage !== undefined) return '--probe-image'
  return timeout === undefined ? undefined : '--timeout'
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The first signal ends it and clears up; the second ends the process as it would without us. */
async function runProbe(
  { request }: Connection,
  { probeImage, timeout = usualTimeout }: Pick<DoctorOptions, 'probeImage' | 'timeout'>,
): Promise<Probed | 'stopped'> {
  const { systemClock } = await import('../cluster/index.ts')
  const { probe, usualImage } = await import('../doctor/index.ts')
  const stopping = new AbortController()
  const stop = () => {
    tell('probe: stops, and clears up first\n')
    stopping.abort()
    for (const signal of signals) process.off(signal, stop)
  }
  for (const signal of signals) process.on(signal, stop)
  const probed = await probe({
    send: request,
    clock: systemClock,
    random: Math.random,
    signal: stopping.signal,
    image: probeImage ?? usualImage,
    seconds: timeout,
    tell: line => tell(`probe: ${onOneLine(line)}\n`),
  })
  for (const signal of signals) process.off(signal, stop)
  if (!stopping.signal.aborted) return probed
  for (const { namespace, because } of probed.lingering) tell(`namespace ${namespace} is not gone yet: ${because}\n`)
  return 'stopped'
}

async function readFile(file: string): Promise<Configured> {
  const { configuration, problems, locate } = await readConfigurationFile(file)
  const placed = problems.map(problem => {
    const place = locate(problem.source)
    return place ? { ...problem, source: { said: 'file', ...place } as const } : problem
  })
  return { from: file, configuration, problems: placed }
}
