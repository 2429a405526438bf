/** A plan as a comment on a pull request: the sum first, then what opens and what is cut, then each policy to unfold. */
import { onOneLine } from '../one-line.ts'
import { plain } from '../paint.ts'
import { type Locate, problemsAsText } from '../problems/index.ts'
import type { FlowGroup } from './flows.ts'
import type { NamespaceChanges, PlanReport, ReasonedChange } from './index.ts'
import { diffSpecs } from './spec-diff.ts'
import { signs, writeDiffLine, writeFlow, writeSum, writeTooMany, writeWords } from './text.ts'

/** By it a script finds the comment that it wrote before. */
const marker = '<!-- tierwall plan -->'

/** GitHub takes 65,536 characters, and some of them belong to what comes around. */
const mostCharacters = 55_000

export function planAsMarkdown(report: PlanReport, locate: Locate): string {
  const { flows, namespaces } = report
  const head = [marker, `### Tierwall: ${writeSum(report)}`]
  const blocks = [
    ...head,
    ...(flows.is === 'known'
      ? [...writeFlows('Flows that open', flows.opened), ...writeFlows('Flows that are cut', flows.cut)]
      : [writeTooMany(flows.pairs)]),
    ...writeProblems(report, locate),
    ...namespaces.flatMap(writeNamespace),
  ]
  return `${cutShort(blocks).join('\n\n')}\n`
}

function writeFlows(title: string, flows: readonly FlowGroup[]): string[] {
  if (flows.length === 0) return []
  const listed = flows.slice(0, mostFlows).map(flow => `- ${writeCode(writeFlow(flow))}`)
  const left = flows.length - listed.length
  return [`**${title}**`, [...listed, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n')]
}

const mostFlows = 30

function writeProblems({ problems }: PlanReport, locate: Locate): string[] {
  const lines = problemsAsText(problems, locate)
    .split('\n')
    .filter(line => line !== '')
  if (lines.length === 0) return []
  return ['**Problems**', lines.map(line => `- ${writeCode(line)}`).join('\n')]
}

function writeNamespace({ namespace, changes, notes }: NamespaceChanges): string[] {
  return [
    `**Namespace ${writeCode(namespace)}**`,
    ...notes.map(note => `> ${onOneLine(note)}`),
    ...changes.map(writeChange),
  ]
}

function writeChange({ change, because }: ReasonedChange): string {
  const lines = diffSpecs(change).map(line => writeDiffLine(line, plain))
  return [
    `<details><summary>${signs[change.verb]} ${change.verb} <code>${change.name}</code></summary>`,
    [...because.map(reason => `- because ${writeCode(reason)}`), ...writeWords(change).map(words => `- ${words}`)].join(
      '\n',
    ),
    ...(lines.length > 0 ? [`\`\`\`diff\n${lines.join('\n')}\n\`\`\``] : []),
    '</details>',
  ].join('\n\n')
}

/** What users wrote may hold backticks. */
function writeCode(text: string): string {
  const longest = Math.max(0, ...[...onOneLine(text).matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const space = longest > 0 ? ' ' : ''
  return `${fence}${space}${onOneLine(text)}${space}${fence}`
}

function cutShort(blocks: readonly string[]): readonly string[] {
  let length = 0
  const kept = blocks.filter(block => {
    length += block.length + 2
    return length <= mostCharacters
  })
  const left = blocks.length - kept.length
  return left > 0 ? [...kept, `and ${left} more, which \`tierwall plan\` shows`] : kept
}
