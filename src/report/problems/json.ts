/** Problems → JSON for scripts: each with its code, place, object and field. */
import type { Problem } from '../../api/problem.ts'
import { writePath, writeSource } from '../../api/source.ts'
import { countProblems, type Locate, type PlacedProblem, placeProblems } from './placed.ts'

export function problemsAsJson(problems: readonly Problem[], locate: Locate): string {
  const { error, warning, info } = countProblems(problems)
  const report = {
    problems: placeProblems(problems, locate).map(asJson),
    count: { errors: error, warnings: warning, remarks: info },
  }
  return `${JSON.stringify(report, undefined, 2)}\n`
}

/** What is not known is left out. */
function asJson({ problem: { code, severity, message, fix, source }, place }: PlacedProblem) {
  return {
    code,
    severity,
    message,
    fix,
    ...(place ? { file: place.file, line: place.line, column: place.column } : {}),
    ...(source.said === 'object' ? { object: source.object, field: writePath(source.path) } : {}),
    ...(source.said === 'preset' || source.said === 'configuration' ? { said: writeSource(source) } : {}),
  }
}
