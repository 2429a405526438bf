/** `tierwall graph`: who may reach whom, as a picture. Of files, or of a cluster's tiers. */
import { type Command, Option } from 'commander'
import type { Problem } from '../api/problem.ts'
import type { Decision } from '../engine.ts'
import { asDot } from '../report/graph/dot.ts'
import { type Drawing, drawGraph } from '../report/graph/drawing.ts'
import { asHtml } from '../report/graph/html.ts'
import { asMermaid } from '../report/graph/mermaid.ts'
import { asSvg, isDrawable } from '../report/graph/svg.ts'
import { makeQuoter, type Quoter } from '../report/quote.ts'
import { hasErrors, type Input, readInput } from './input.ts'
import { type LiveOptions, withLive } from './live/options.ts'
import { lookOrTell } from './look-or-tell.ts'
import { print, tell, tellProblems, tellTrouble } from './terminal.ts'

const formats = {
  mermaid: asMermaid,
  dot: asDot,
  svg: asSvg,
  html: asHtml,
} as const satisfies Record<string, (drawing: Drawing, quote: Quoter) => string | Promise<string>>

interface GraphOptions extends LiveOptions {
  readonly output: keyof typeof formats
}

export function addGraph(program: Command): void {
  withLive(program.command('graph'), 'manifests to draw, without a cluster: files, folders, or - for stdin')
    .description('draw who may reach whom')
    .addOption(new Option('-o, --output <format>', 'how to draw it').choices(Object.keys(formats)).default('mermaid'))
    .addHelpText(
      'after',
      `
With -f, of these manifests; without, of the cluster: one namespace, or all of them with -A.

Examples:
  $ tierwall graph -f k8s/ -o html > graph.html
  $ tierwall graph -A -o html > cluster.html`,
    )
    .action(async (options: GraphOptions) => {
      process.exitCode = await graph(options)
    })
}

/** What is drawn, and what is wrong with it. */
interface Drawn {
  readonly drawing: Drawing
  readonly decision: Decision
  readonly problems: readonly Problem[]
  readonly locate: Input['locate']
}

async function graph(options: GraphOptions): Promise<number> {
  const drawn = options.filename ? await drawFiles(options) : await drawCluster(options)
  if (typeof drawn === 'number') return drawn
  const { drawing, decision, problems, locate } = drawn
  tellProblems(problems, locate)
  if (options.output === 'svg' && !isDrawable(drawing))
    return tellTrouble({
      message: `${drawing.lines.length} lines are too many for a picture`,
      fix: 'draw fewer manifests, or one namespace, or write dot or html',
    })
  print(await formats[options.output](drawing, makeQuoter(decision.snapshot, locate)))
  return hasErrors(problems) ? 1 : 0
}

async function drawFiles({ namespace = 'default', ...options }: GraphOptions): Promise<Drawn | number> {
  const read = await readInput({ ...options, namespace })
  if ('trouble' in read) return tellTrouble(read.trouble)
  return { ...read.input, drawing: drawGraph(read.input.decision) }
}

async function drawCluster(options: GraphOptions): Promise<Drawn | number> {
  // Loaded here alone, as all that knows of clusters.
  const [{ limitDrawing }, { isAbout }] = await Promise.all([import('./live/drawing.ts'), import('./live/planned.ts')])
  const looked = await lookOrTell(options)
  if (typeof looked === 'number') return looked
  const { look, namespace, locate, notes } = looked
  const { decision, outlook } = look
  const whole = drawGraph(decision)
  const drawing = namespace === undefined ? whole : limitDrawing(whole, namespace)
  const isEmpty = drawing.namespaces.length === 0
  const hint =
    isEmpty && namespace !== undefined ? [`namespace ${namespace} has no tier; -A draws every namespace`] : []
  for (const note of [...notes, ...hint]) tell(`note: ${note}\n`)
  const problems = outlook.problems.filter(problem => namespace === undefined || isAbout(problem, namespace))
  return { drawing, decision, problems, locate }
}
