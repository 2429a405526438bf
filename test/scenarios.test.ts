/** Each folder of `test/scenarios` is a case: its name a sentence, its input what people write, the rest what must come of it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import type { Problem } from '../src/api/problem.ts'
import { writeSource } from '../src/api/source.ts'
import { readConfigurationFile } from '../src/cli/configuration.ts'
import { decide, desiredPolicies } from '../src/engine.ts'
import { readManifestText } from '../src/manifests/manifests.ts'
import { readExpectations } from '../src/report/expectations.ts'
import { policiesAsYaml } from '../src/report/policies.ts'
import { type Locate, makeQuoter } from '../src/report/quote.ts'
import { failuresAsText, troublesAsText, verifyExpectations } from '../src/report/verify.ts'
import { buildWorld } from '../src/report/world/index.ts'

const scenarios = join(import.meta.dirname, 'scenarios')
const sentences = readdirSync(scenarios).sort()

test.each(sentences.map(folder => [folder.replaceAll('-', ' '), folder]))('%s', async (_, folder) => {
  const path = (file: string) => join(scenarios, folder, file)
  const read = (file: string) => (existsSync(path(file)) ? readFileSync(path(file), 'utf8') : '')
  const configured = await readConfigurationFile(existsSync(path('config.yaml')) ? path('config.yaml') : undefined)
  const manifests = readManifestText('input.yaml', read('input.yaml'))
  const decision = decide(manifests.objects, configured.configuration)
  const locate: Locate = source =>
    source.said === 'configuration' ? configured.locate(source) : manifests.locate(source)

  const policies = desiredPolicies(decision).map(({ policy }) => policy)
  await expect
    .soft(policies.length === 0 ? '# Nothing is written.\n' : policiesAsYaml(policies))
    .toMatchFileSnapshot(path('expected.yaml'))

  const problems = [...configured.problems, ...manifests.problems, ...decision.problems]
  expect.soft(problems.map(problem => writeProblem(problem, locate)).sort()).toEqual(linesOf(read('problems.txt')))

  const world = buildWorld(decision)
  const expectations = readExpectations('reachability.txt', read('reachability.txt'))
  const verified = verifyExpectations(expectations, 'shop', { world })
  const context = { world, locate, quote: makeQuoter(decision.snapshot, locate) }
  expect.soft(troublesAsText(verified.troubles) + failuresAsText(verified, context)).toBe('')
})

/** `input.yaml:8:5: error peer-invalid` */
function writeProblem({ severity, code, source }: Problem, locate: Locate): string {
  const place = locate(source)
  const where = place ? `${basename(place.file)}:${place.line}:${place.column}` : writeSource(source)
  return `${where}: ${severity} ${code}`
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .sort()
}
