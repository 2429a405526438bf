/** `tierwall uninstall`: takes away every policy that Tierwall wrote, deny first, while no operator writes them again. */
import { createInterface } from 'node:readline/promises'
import { type Command, Option } from 'commander'
import { type ClusterOptions, leaveInTrouble, openCluster, withConnection } from './cluster.ts'
import { operatorNamespaceOption } from './live/options.ts'
import { print, tell, tellTrouble } from './terminal.ts'

interface UninstallOptions extends ClusterOptions {
  readonly operatorNamespace?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
}

export function addUninstall(program: Command): void {
  withConnection(program.command('uninstall'))
    .description('remove all policies that Tierwall wrote')
    .addOption(new Option('-n, --namespace <namespace>', 'of this namespace alone'))
    .addOption(new Option('-A, --all-namespaces', 'of every namespace, as without it').conflicts('namespace'))
    .addOption(operatorNamespaceOption())
    .addOption(new Option('--dry-run', 'only say what would be removed'))
    .addOption(new Option('-y, --yes', 'do not ask'))
    .addHelpText(
      'after',
      `
In each namespace default-deny goes first, so that nothing is cut on the way. Policies of others stay, and so does all
that Tierwall was told. It does nothing while an operator is at work, and none can start meanwhile.

Examples:
  $ tierwall uninstall --dry-run
  $ tierwall uninstall
  $ tierwall uninstall -n shop --yes`,
    )
    .action(async (options: UninstallOptions) => {
      process.exitCode = await uninstall(options)
    })
}

async function uninstall(options: UninstallOptions): Promise<number> {
  const { dryRun = false, yes = false } = options
  const canAsk = process.stdin.isTTY === true
  if (!dryRun && !yes && !canAsk)
    return tellTrouble({ message: 'nobody is there to be asked whether to remove the policies', fix: 'add --yes' })
  const opened = await openCluster(options)
  if ('trouble' in opened) leaveInTrouble(opened.trouble)
  const { connection } = opened
  // Loaded here alone, as all that knows of clusters.
  const { removePolicies } = await import('./live/uninstall/index.ts')
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const removed = await removePolicies({
    connection,
    options,
    // Without a name it is all of them: a context's namespace is no reason to leave half of it behind.
    namespace: options.namespace,
    operatorNamespace: options.operatorNamespace,
    dryRun,
    confirm: question => (yes ? Promise.resolve(true) : confirm(question, stopping.signal)),
    signal: stopping.signal,
    print,
    tell,
  })
  await connection.close()
  return 'trouble' in removed ? tellTrouble(removed.trouble) : 0
}

async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    lines.on('SIGINT', () => process.emit('SIGINT'))
    const answer = await lines.question(`${question} [y/N] `, { signal })
    return /^y(es)?$/i.test(answer.trim())
  } catch {
    return false
  } finally {
    lines.close()
  }
}
