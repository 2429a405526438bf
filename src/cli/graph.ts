/** `tierwall graph`: who may reach whom, as a picture. */
import { type Command, Option } from 'commander'
import { asDot } from '../report/graph/dot.ts'
import { type Drawing, drawGraph } from '../report/graph/drawing.ts'
import { asHtml } from '../report/graph/html.ts'
import { asMermaid } from '../report/graph/mermaid.ts'
import { asSvg, isDrawable } from '../report/graph/svg.ts'
import { makeQuoter, type Quoter } from '../report/quote.ts'
import { hasErrors, type InputOptions, readInput, withInput } from './input.ts'
import { print, tellProblems, tellTrouble } from './terminal.ts'

const formats = {
  mermaid: asMermaid,
  dot: asDot,
  svg: asSvg,
  html: asHtml,
} as const satisfies Record<string, (drawing: Drawing, quote: Quoter) => string | Promise<string>>

interface GraphOptions extends InputOptions {
  readonly output: keyof typeof formats
}

export function addGraph(program: Command): void {
  withInput(program.command('graph'))
    .description('draw who may reach whom')
    .addOption(new Option('-o, --output <format>', 'how to draw it').choices(Object.keys(formats)).default('mermaid'))
    .addHelpText(
      'after',
      `
Example:
  $ tierwall graph -f k8s/ -o html > graph.html`,
    )
    .action(async (options: GraphOptions) => {
      process.exitCode = await graph(options)
    })
}

async function graph(options: GraphOptions): Promise<number> {
  const read = await readInput(options)
  if ('trouble' in read) return tellTrouble(read.trouble)
  const { decision, problems, locate } = read.input
  tellProblems(problems, locate)
  const drawing = drawGraph(decision)
  if (options.output === 'svg' && !isDrawable(drawing))
    return tellTrouble({
      message: `${drawing.lines.length} lines are too many for a picture`,
      fix: 'draw fewer manifests, or write dot or html',
    })
  print(await formats[options.output](drawing, makeQuoter(decision.snapshot, locate)))
  return hasErrors(problems) ? 1 : 0
}
