/** `tierwall lint`: manifests in, every problem out. */
import { type Command, Option } from 'commander'
import { sortProblems } from '../engine.ts'
import { lintDecision } from '../lint/index.ts'
import { countProblems, problemsAsJson, problemsAsSarif, problemsAsText, writeCount } from '../report/problems/index.ts'
import { hasErrors, type Input, type InputOptions, readInput, withInput } from './input.ts'
import { print, styleFor, tell, tellTrouble } from './terminal.ts'
import { version } from './version.ts'

const formats = {
  text: ({ problems, locate }: Input) => problemsAsText(problems, locate, styleFor(process.stdout)),
  json: ({ problems, locate }: Input) => problemsAsJson(problems, locate),
  sarif: ({ problems, locate }: Input) => problemsAsSarif(problems, locate, version),
} as const

interface LintOptions extends InputOptions {
  readonly output: keyof typeof formats
}

export function addLint(program: Command): void {
  withInput(program.command('lint'))
    .description('report every problem of the manifests')
    .addOption(new Option('-o, --output <format>', 'how to write them').choices(Object.keys(formats)).default('text'))
    .addHelpText(
      'after',
      `
The exit code is 1 where there is an error.

Example:
  $ tierwall lint -f k8s/ --config tierwall.yaml`,
    )
    .action(async (options: LintOptions) => {
      process.exitCode = await lint(options)
    })
}

async function lint(options: LintOptions): Promise<number> {
  const read = await readInput(options)
  if ('trouble' in read) return tellTrouble(read.trouble)
  const problems = sortProblems([...read.input.problems, ...lintDecision(read.input.decision)])
  print(formats[options.output]({ ...read.input, problems }))
  tell(`${writeCount(countProblems(problems))}\n`)
  return hasErrors(problems) ? 1 : 0
}
