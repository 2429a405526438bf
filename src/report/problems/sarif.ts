/** Problems → SARIF 2.1.0, which code hosts and editors show beside the lines. */
import { type Problem, type ProblemCode, type ProblemKind, problemKind, type Severity } from '../../api/problem.ts'
import { writeSource } from '../../api/source.ts'
import { problemCodes } from './codes.ts'
import { type Locate, type Place, type PlacedProblem, placeProblems } from './placed.ts'

export function problemsAsSarif(problems: readonly Problem[], locate: Locate, version: string): string {
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Tierwall', semanticVersion: version, rules: problemCodes.map(asRule) } },
        columnKind: 'utf16CodeUnits',
        results: placeProblems(problems, locate).map(asResult),
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' }

function asRule(code: ProblemCode) {
  const { severity, title, why, example }: ProblemKind = problemKind(code)
  return {
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    defaultConfiguration: { level: levels[severity] },
    help: {
      text: `${why}\n\nInstead of\n\n${example.bad}\n\nwrite\n\n${example.good}`,
      markdown: `${why}\n\nInstead of\n\n\`\`\`yaml\n${example.bad}\n\`\`\`\n\nwrite\n\n\`\`\`yaml\n${example.good}\n\`\`\``,
    },
  }
}

function asResult({ problem, place }: PlacedProblem) {
  const { code, severity, message, fix, source } = problem
  const location = {
    ...(place ? { physicalLocation: asPhysical(place) } : {}),
    ...(source.said === 'file' ? {} : { logicalLocations: [{ fullyQualifiedName: writeSource(source) }] }),
  }
  return {
    ruleId: code,
    ruleIndex: problemCodes.indexOf(code),
    level: levels[severity],
    message: { text: `${message}; ${fix}` },
    locations: [location],
  }
}

function asPhysical({ file, line, column }: Place) {
  return { artifactLocation: { uri: asUri(file) }, region: { startLine: line, startColumn: column } }
}

/** Relative to where the command ran, as code hosts want it. */
function asUri(file: string): string {
  const path = file.toWellFormed().split('/').map(encodeURIComponent).join('/')
  return path.startsWith('/') ? `file://${path}` : path.replace(/^(?:\.\/)+/, '')
}
