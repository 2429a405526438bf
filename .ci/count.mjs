/** Pairs of a runner's JSON report and its exit code → what failed, and the sum as the last line and as an exit code. */
import { readFileSync } from 'node:fs'
import { basename, relative } from 'node:path'

const mostFailures = 20
const mostLines = 12

const words = process.argv.slice(2)
const runs = words.flatMap((file, index) =>
  index % 2 === 0 ? [addStatus(basename(file, '.json'), countTests(file), Number(words[index + 1]))] : [],
)
const sumOf = status => runs.reduce((sum, run) => sum + run[status], 0)
const [passed, failed, skipped] = [sumOf('passed'), sumOf('failed'), sumOf('skipped')]

for (const failure of runs.flatMap(run => run.failures).slice(0, mostFailures)) console.log(`\n${failure}`)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = runs.length > 0 && failed === 0 && skipped === 0 ? 0 : 1

/** A runner that died without a report is one failure. */
function countTests(path) {
  try {
    const { testResults } = JSON.parse(readFileSync(path, 'utf8'))
    const tests = testResults.flatMap(result => result.assertionResults)
    const count = status => tests.filter(test => test.status === status).length
    const [passed, failed] = [count('passed'), count('failed')]
    const skipped = tests.length - passed - failed
    const broken = testResults.filter(isBroken)
    return { passed, failed: failed + broken.length, skipped, failures: testResults.flatMap(tellFailures) }
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, failures: [`no report of ${basename(path, '.json')}: ${error.message}`] }
  }
}

/** A file that failed without a failed test: it could not be loaded. */
function isBroken({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some(test => test.status === 'failed')
}

/** The end of a log is what is read first, and a failure in its middle may not be kept. */
function tellFailures(result) {
  const file = relative(process.cwd(), result.name)
  if (isBroken(result)) return [`${file} failed\n${firstLines(result.message)}`]
  return result.assertionResults
    .filter(({ status }) => status !== 'passed')
    .map(
      ({ status, fullName, failureMessages = [] }) =>
        `${file}: ${fullName}: ${status}\n${firstLines(...failureMessages)}`,
    )
}

function firstLines(...messages) {
  const lines = messages.flatMap(message => message.split('\n')).slice(0, mostLines)
  return lines.map(line => `  ${line.slice(0, 300)}`).join('\n')
}

/** What failed outside of the tests, formatting, lint or types, counts as one; so does a run without any test. */
function addStatus(target, count, status) {
  if (count.failed > 0 || (status === 0 && count.passed > 0)) return count
  return {
    ...count,
    failed: 1,
    failures: [`${target} ended with ${status}, though no test failed: see what it printed`],
  }
}
