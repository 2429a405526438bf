/** What was found → the text of the comment. What people wrote in manifests stands in code, where it means nothing. */

/** GitHub takes 65,536 characters, and the plan keeps below 55,000 by itself. */
const mostCharacters = 65_000

export function writeReport(found) {
  const { plan, lint, verification, rendered, failures, notes } = found
  const text = plan ? plan.markdown.replace(/^<!--.*?-->\s*/, '').trim() : `### Tierwall: ${writeCount(lint.count)}`
  const problems = lint.problems.map(writeProblem).filter(line => !text.includes(line))
  return fitIn([
    `<!-- ${markerOf(found.name)} -->`,
    text,
    ...(failures.length > 0 ? [`**This fails the job:** ${failures.join('; ')}`] : []),
    ...(problems.length > 0 ? ['**Lint**', ...chunk(problems)] : []),
    ...(verification && !verification.holds ? ['**Expectations**', fence(verification.told)] : []),
    ...(rendered && !rendered.holds
      ? [`${code(rendered.file)} is not what \`tierwall render\` prints: write it anew`]
      : []),
    ...notes.map(note => `> ${code(note)}`),
    `<sub>${found.about}</sub>`,
  ])
}

/** By it the comment is found again. */
export const markerOf = name => `tierwall review${name === '' ? '' : ` of ${name}`}`

export function writeCount({ errors, warnings }) {
  const many = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`
  const parts = [...(errors > 0 ? [many(errors, 'error')] : []), ...(warnings > 0 ? [many(warnings, 'warning')] : [])]
  return parts.join(', ') || 'nothing to say'
}

/** As the plan writes them, so that none stands twice. */
function writeProblem({ file, line, column, object, said, severity, code: kind, message, fix }) {
  const named = object
    ? [object.kind, [object.namespace, object.name].filter(Boolean).join('/')].join(' ')
    : (said ?? '')
  const place = file === undefined ? named : `${file}:${line}:${column}`
  return `- ${code(`${place}: ${severity} ${kind}: ${message}; ${fix}`)}`
}

/** Some lines a block, so that a long list can be cut short. */
function chunk(lines) {
  const blocks = []
  for (let at = 0; at < lines.length; at += 10) blocks.push(lines.slice(at, at + 10).join('\n'))
  return blocks
}

export function code(text) {
  const line = onOneLine(text)
  const ticks = '`'.repeat(longestRun(line) + 1)
  const space = ticks.length > 1 ? ' ' : ''
  return `${ticks}${space}${line}${space}${ticks}`
}

function fence(text) {
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1))
  const lines = text.split('\n').map(onOneLine)
  const some = lines.slice(0, mostLines)
  const left = lines.length - some.length
  return [`${ticks}text`, ...some, ...(left > 0 ? [`and ${left} more lines`] : []), ticks].join('\n')
}

const mostLines = 60

const longestRun = text => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))

/** None of it may break the line or turn it around. */
export function onOneLine(text) {
  return String(text).replaceAll(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Whole blocks go, never a part of one, and the last one stays. */
function fitIn(blocks) {
  const last = blocks.at(-1)
  const more = 'and more, which does not fit into a comment'
  let length = last.length + more.length + 4
  const kept = blocks.slice(0, -1).filter(block => {
    length += block.length + 2
    if (length <= mostCharacters) return true
    length -= block.length + 2
    return false
  })
  const isWhole = kept.length === blocks.length - 1
  return `${[...kept, ...(isWhole ? [] : [more]), last].join('\n\n')}\n`
}
