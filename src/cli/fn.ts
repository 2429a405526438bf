/** `tierwall fn`: the same as a KRM function, for kustomize and kpt. */
import type { Command } from 'commander'
import { decodeText } from '../manifests/decode.ts'
import { runFunction } from './krm/index.ts'
import { print, readStdin, tellProblems, tellTrouble } from './terminal.ts'

export function addFn(program: Command): void {
  program
    .command('fn')
    .description('as a KRM function: a ResourceList in, the same with its NetworkPolicies out')
    .addHelpText(
      'after',
      `
The functionConfig may be a Tierwall Configuration, or a ConfigMap that holds one under data.config.
Policies that an earlier run generated are replaced. With any error the items stay as they are and the exit code is 1.

Example:
  $ kpt fn eval k8s/ --exec 'tierwall fn'`,
    )
    .action(async () => {
      process.exitCode = await fn()
    })
}

async function fn(): Promise<number> {
  const decoded = decodeText(await readStdin())
  if ('fault' in decoded) return tellTrouble(decoded.fault)
  const run = runFunction(decoded.text)
  if ('trouble' in run) return tellTrouble(run.trouble)
  print(run.output)
  tellProblems(run.problems, run.locate)
  return run.failed ? 1 : 0
}
