/** The options of commands that look at files where some are given, and else at a cluster. */
import { type Command, Option } from 'commander'
import type { Trouble } from '../../report/world/name.ts'
import { type ClusterOptions, withCluster } from '../cluster.ts'

export interface LiveOptions extends ClusterOptions {
  readonly filename?: string[]
  readonly config?: string
  readonly operatorNamespace?: string
}

export function withLive(command: Command, ofFiles: string): Command {
  return withCluster(command.addOption(new Option('-f, --filename <path...>', ofFiles)))
    .addOption(new Option('--config <file>', "the cluster admin's configuration; in a cluster else the operator's"))
    .addOption(operatorNamespaceOption())
}

export function operatorNamespaceOption(): Option {
  return new Option('--operator-namespace <name>', 'where the operator runs; else tierwall-system')
}

/** Whoever has no cluster at hand may have forgotten the files. */
export function orFiles({ message, fix }: Trouble): Trouble {
  return { message, fix: `${fix}; without a cluster, give manifests with -f` }
}
