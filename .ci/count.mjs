/** Pairs of a runner's JSON report and its exit code → the sum, as the last line and as an exit code. */
import { readFileSync } from 'node:fs'

const words = process.argv.slice(2)
const runs = words.flatMap((file, index) =>
  index % 2 === 0 ? [addStatus(countTests(file), Number(words[index + 1]))] : [],
)
const sumOf = status => runs.reduce((sum, run) => sum + run[status], 0)
const [passed, failed, skipped] = [sumOf('passed'), sumOf('failed'), sumOf('skipped')]

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = runs.length > 0 && failed === 0 && skipped === 0 ? 0 : 1

/** A runner that died without a report is one failure. */
function countTests(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'))
    const tests = report.testResults.flatMap(result => result.assertionResults.map(test => test.status))
    const passed = tests.filter(status => status === 'passed').length
    const broken = report.testResults.filter(isBroken).length
    const failed = tests.filter(status => status === 'failed').length + broken
    return { passed, failed, skipped: tests.length - passed - (failed - broken) }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** A file that failed without a failed test: it could not be loaded. */
function isBroken({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some(test => test.status === 'failed')
}

/** What failed outside of the tests, formatting, lint or types, counts as one; so does a run without any test. */
function addStatus(count, status) {
  const unseen = count.failed === 0 && (status !== 0 || count.passed === 0)
  return unseen ? { ...count, failed: 1 } : count
}
