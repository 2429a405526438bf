/** `tierwall plan`: what the operator would do to the cluster, now or once some manifests are applied. */
import { type Command, Option } from 'commander'
import { changesIn, hasFlows, type PlanReport } from '../report/plan/index.ts'
import { planAsJson } from '../report/plan/json.ts'
import { planAsMarkdown } from '../report/plan/markdown.ts'
import { planAsText } from '../report/plan/text.ts'
import type { Locate } from '../report/problems/index.ts'
import { leaveInTrouble } from './cluster.ts'
import { type LiveOptions, withLive } from './live/options.ts'
import { paintFor, print, tell, tellProblems } from './terminal.ts'

interface PlanOptions extends LiveOptions {
  readonly output: 'text' | 'json' | 'markdown'
  readonly verbose?: boolean
  readonly against?: string[]
}

export function addPlan(program: Command): void {
  withLive(program.command('plan'), 'manifests to lay over the cluster: files, folders, or - for stdin')
    .description('what would change in the cluster, and which flows that opens or cuts')
    .addOption(
      new Option('-o, --output <format>', 'how to write it').choices(['text', 'json', 'markdown']).default('text'),
    )
    .addOption(new Option('--against <path...>', 'other manifests to compare those of -f with, without a cluster'))
    .option('--verbose', 'every flow, and the steps of each round')
    .addHelpText(
      'after',
      `
Nothing is changed. With -f, what would change if these manifests were applied, in all namespaces; -n is that of objects
without one. Markdown is for a comment on a pull request.
With --against, what changes from those manifests to these, in a cluster that has settled on the first: all that counts is
in the files, and so are the flows.
The exit code is 0 where nothing would change, 2 where something would, and 1 for errors.

Examples:
  $ tierwall plan -A
  $ tierwall plan -f k8s/
  $ tierwall plan -f k8s/ -o markdown > comment.md
  $ tierwall plan -f new/k8s --against old/k8s`,
    )
    .action(async (options: PlanOptions) => {
      process.exitCode = await plan(options)
    })
}

async function plan(options: PlanOptions): Promise<number> {
  const made = await makeReport(options)
  if ('trouble' in made) leaveInTrouble(made.trouble)
  if ('problems' in made) {
    tellProblems(made.problems, made.locate)
    return 1
  }
  const { report, locate, notes, failed } = made
  print(write(report, locate, options))
  if (options.output === 'text') tellProblems(report.problems, locate)
  for (const note of notes) tell(`note: ${note}\n`)
  if (failed) return 1
  return changesIn(report).length > 0 || hasFlows(report) ? 2 : 0
}

/** Loaded here alone, as all that knows of clusters. */
async function makeReport({ filename, against, ...options }: PlanOptions) {
  if (against === undefined)
    return (await import('./live/report.ts')).makeReport({ ...options, ...(filename ? { filename } : {}) })
  if (filename === undefined)
    return { trouble: { message: 'there is nothing to compare', fix: 'name manifests with -f' } }
  return (await import('./live/against.ts')).makeReportAgainst({ ...options, filename, against })
}

function write(report: PlanReport, locate: Locate, { output, verbose = false }: PlanOptions): string {
  if (output === 'json') return planAsJson(report, locate)
  if (output === 'markdown') return planAsMarkdown(report, locate)
  return planAsText(report, { paint: paintFor(process.stdout), verbose })
}
