import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { listExamples, readExample } from '../scripts/examples/read.ts'
import { generatedFiles } from '../scripts/generated.ts'
import type { Problem } from '../src/api/problem.ts'
import { writeSource } from '../src/api/source.ts'
import { lintDecision } from '../src/lint/index.ts'
import { readExpectations } from '../src/report/expectations.ts'
import { makeQuoter } from '../src/report/quote.ts'
import { failuresAsText, troublesAsText, verifyExpectations } from '../src/report/verify.ts'
import { buildWorld } from '../src/report/world/index.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

describe.each(listExamples())('the example %s', name => {
  const { folder, manifests, decision, reachability, warnings } = readExample(name)

  it('has no problems but those that warnings.txt gives a reason for', () => {
    const problems = [...manifests.problems, ...decision.problems, ...lintDecision(decision)]
    expect(problems.filter(({ severity }) => severity === 'error').map(writeProblem)).toEqual([])
    expect(problems.map(writeProblem).sort()).toEqual(linesOf(warnings))
    for (const paragraph of warnings.trim().split('\n\n')) expect(paragraph).toMatch(/^(?:# .*\.\n|$)/)
  })

  it('keeps every line of reachability.txt', () => {
    const world = buildWorld(decision)
    const expectations = readExpectations(`${folder}/reachability.txt`, reachability)
    const verified = verifyExpectations(expectations, 'default', { world })
    const context = { world, locate: manifests.locate, quote: makeQuoter(decision.snapshot, manifests.locate) }
    expect(troublesAsText(verified.troubles) + failuresAsText(verified, context)).toBe('')
  })

  it('asks about every tier, as the one that connects and as the one that is connected to', () => {
    const { expectations } = readExpectations('', reachability)
    const world = buildWorld(decision)
    const unasked = (ends: readonly string[]) =>
      world.pods
        .filter(({ members }) => members.length > 0)
        .map(({ ref }) => `${ref.namespace}/${ref.name}`)
        .filter(place => !ends.some(end => place === end || place.endsWith(`/${end}`)))
    expect(unasked(expectations.map(({ from }) => from))).toEqual([])
    expect(unasked(expectations.map(({ to }) => to))).toEqual([])
  })

  it('has a README.md that is generated, so another test keeps it current', () => {
    expect(generatedFiles.map(({ path }) => path)).toContain(`${folder}/README.md`)
  })

  it('is in the index', () => {
    expect(read('examples/README.md')).toContain(`(${name}/README.md)`)
  })
})

test('the shop of three tiers is the same by annotations and by AppTiers', () => {
  const [annotated, declared] = ['three-tier', 'three-tier-by-apptier'].map(name => readExample(name).reachability)
  expect(annotated).toBe(declared)
})

describe('what the pages tell people to type', () => {
  const commands = ['README.md', 'examples/README.md'].flatMap(page =>
    [...read(page).matchAll(/^npx tierwall ([^|>\n]*)/gm)].map(([, words = '']) => [words.trim(), page] as const),
  )

  it.each(commands)('`tierwall %s` works, as %s has it', words => {
    expect(tierwall(words)).toMatchObject({ status: 0 })
  })

  it('is answered as README.md shows', () => {
    const [, words = '', answer = ''] =
      /^```console\n\$ npx tierwall (.*)\n([\s\S]*?)```$/m.exec(read('README.md')) ?? []
    expect(tierwall(words)).toEqual({ status: 3, stdout: answer })
  })
})

function tierwall(words: string): { readonly status: number | null; readonly stdout: string } {
  const args = ['src/cli/main.ts', ...words.split(' ')]
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  return { status, stdout }
}

function writeProblem({ code, source }: Problem): string {
  return `${code} ${writeSource(source)}`
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .sort()
}
