/** `tierwall render`: manifests in, NetworkPolicies out. */
import { type Command, Option } from 'commander'
import { desiredPolicies } from '../engine.ts'
import { auditNotes } from '../report/audit.ts'
import { policiesAsJson, policiesAsYaml } from '../report/policies.ts'
import { countProblems, writeCount } from '../report/problems/index.ts'
import { hasErrors, type InputOptions, readInput, withInput } from './input.ts'
import { print, tell, tellProblems, tellTrouble } from './terminal.ts'

const formats = { yaml: policiesAsYaml, json: policiesAsJson } as const

interface RenderOptions extends InputOptions {
  readonly output: keyof typeof formats
  readonly keepGoing?: boolean
}

export function addRender(program: Command): void {
  withInput(program.command('render'))
    .description('write the NetworkPolicies that the manifests ask for')
    .addOption(new Option('-o, --output <format>', 'how to write them').choices(Object.keys(formats)).default('yaml'))
    .option('--keep-going', 'in spite of errors, write the policies of the tiers that have none')
    .addHelpText(
      'after',
      `
With any error nothing is written and the exit code is 1.

Example:
  $ tierwall render -f k8s/ | kubectl apply -f -`,
    )
    .action(async (options: RenderOptions) => {
      process.exitCode = await render(options)
    })
}

async function render(options: RenderOptions): Promise<number> {
  const read = await readInput(options)
  if ('trouble' in read) return tellTrouble(read.trouble)
  const { decision, problems, locate } = read.input
  const failed = hasErrors(problems)
  tellProblems(problems, locate)
  if (failed && !options.keepGoing) {
    const { error } = countProblems(problems)
    tell(
      `nothing is written because of ${writeCount({ error, warning: 0, info: 0 })}; --keep-going writes what is sound\n`,
    )
    return 1
  }
  for (const note of auditNotes(decision)) tell(`${note}\n`)
  print(formats[options.output](desiredPolicies(decision).map(({ policy }) => policy)))
  return failed ? 1 : 0
}
