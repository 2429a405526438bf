/** Every case, and random applications: what packets do is what the evaluator says and what was declared. */
import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { allCases, labOfAll } from './case/lab-of-all.ts'
import { type CaseResult, runCase } from './case/run-case.ts'
import { packetTest } from './fixture/index.ts'
import { addSums } from './flows/compare.ts'
import { knownDifferences } from './flows/known-differences.ts'
import { isCurrent, readProof, replaceProof } from './proof/file.ts'
import { writeProof } from './proof/page.ts'
import { keep } from './random/kept.ts'
import { playRandom, type RandomResult } from './random/run.ts'
import { chosen, usual } from './random/usual.ts'

const cases: CaseResult[] = []
let random: RandomResult | undefined

describe('packets, evaluator and declared say the same', () => {
  packetTest.for(allCases.map(one => [one.name.replaceAll('-', ' '), one] as const))(
    '%s',
    async ([, one], { cluster }) => {
      const result = await runCase(await labOfAll(cluster), one)
      console.log(`${one.name}: ${result.seconds.toFixed(1)} s, ${tellAgain(result.triedAgain)}`)
      for (const { title, differences } of result.steps) expect.soft(differences.join('\n'), title).toBe('')
      cases.push(result)
      for (const { heading, shownBy } of knownDifferences)
        if (shownBy === one.name)
          expect.soft(addSums(result.steps.map(({ sum }) => sum)).known).toHaveProperty([heading])
    },
  )

  packetTest('of random applications over three namespaces', { timeout: 3_600_000 }, async ({ cluster }) => {
    random = await playRandom(await labOfAll(cluster))
    const { apps, smallest, seconds } = random
    console.log(
      `${apps.length} applications: ${seconds.toFixed(1)} s, ${tellAgain(apps.flatMap(({ triedAgain }) => triedAgain))}`,
    )
    if (smallest) console.log(`${keep(smallest)} differs:\n${smallest.differences.join('\n')}`)
    for (const { name, differences } of apps) expect.soft(differences.slice(0, 5).join('\n'), name).toBe('')
  })
})

packetTest('docs/proof.md says what was found', async ({ cluster, skip }) => {
  const isWhole = cases.length === allCases.length && chosen.seed === usual.seed && chosen.runs === usual.runs
  if (!isWhole || random === undefined) return skip('only a part was run')
  const text = writeProof({
    cases,
    random: { ...usual, sum: addSums(random.apps.map(({ sum }) => sum)) },
    versions: { kubernetes: kubernetesVersion(), cilium: cluster.agent.version, kernel: release().replace(/-.*/, '') },
  })
  const wasCurrent = isCurrent(text)
  if (!wasCurrent || readProof() === '') replaceProof(text)
  expect(wasCurrent, 'docs/proof.md was not current; it is now: look at what has changed, and commit it').toBe(true)
})

/** The first of them say where to look. */
function tellAgain(flows: readonly string[]): string {
  return [`${flows.length} flows tried again`, ...flows.slice(0, 10)].join('\n  at first ')
}

function kubernetesVersion(): string {
  const modules = readFileSync(join(import.meta.dirname, '../../controlplane/go.mod'), 'utf8')
  return /k8s\.io\/kubernetes v(\S+)/.exec(modules)?.[1] ?? 'of controlplane/go.mod'
}
