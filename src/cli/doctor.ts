/** `tierwall doctor`: does this cluster do what NetworkPolicies say, and has Tierwall what it needs? */
import { type Command, Option } from 'commander'
import type { Configured } from '../doctor/index.ts'
import { type ConnectionOptions, leaveInTrouble, openCluster, withConnection } from './cluster.ts'
import { readConfigurationFile } from './configuration.ts'
import { paintFor, print, tell } from './terminal.ts'
import { version } from './version.ts'

interface DoctorOptions extends ConnectionOptions {
  readonly namespace?: string
  readonly config?: string
  readonly output: 'text' | 'json'
}

export function addDoctor(program: Command): void {
  withConnection(program.command('doctor'))
    .description('does this cluster enforce policies, and has Tierwall what it needs')
    .addOption(new Option('-n, --namespace <namespace>', 'for policies and rights in this namespace alone'))
    .addOption(new Option('--config <file>', "the cluster admin's configuration; else the operator's ConfigMap"))
    .addOption(new Option('-o, --output <format>', 'how to write it').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      `
It only looks. The exit code is 1 where a check fails.

Examples:
  $ tierwall doctor
  $ tierwall doctor --context production -n shop`,
    )
    .action(async (options: DoctorOptions) => {
      process.exitCode = await doctor(options)
    })
}

async function doctor({ output, config, ...options }: DoctorOptions): Promise<number> {
  const opened = await openCluster(options)
  if ('trouble' in opened) leaveInTrouble(opened.trouble)
  // Loaded here alone, as all that knows of clusters.
  const { countVerdicts, diagnose, diagnosisAsJson, diagnosisAsText, gatherFacts } = await import('../doctor/index.ts')
  const { connection } = opened
  const facts = await gatherFacts({
    send: connection.request,
    tierwall: version,
    namespace: options.namespace,
    configured: config === undefined ? undefined : await readFile(config),
    now: Date.now(),
  })
  await connection.close()
  const findings = diagnose(facts)
  const write = output === 'json' ? diagnosisAsJson : diagnosisAsText
  print(write({ server: connection.server, findings }, paintFor(process.stdout)))
  const { ok, warn, fail } = countVerdicts(findings)
  tell(`${ok} ok, ${warn} to look at, ${fail} failed\n`)
  return fail > 0 ? 1 : 0
}

async function readFile(file: string): Promise<Configured> {
  const { configuration, problems, locate } = await readConfigurationFile(file)
  const placed = problems.map(problem => {
    const place = locate(problem.source)
    return place ? { ...problem, source: { said: 'file', ...place } as const } : problem
  })
  return { from: file, configuration, problems: placed }
}
