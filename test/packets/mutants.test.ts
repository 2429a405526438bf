/** An operator out of a checkout with a fault in it: what gets through is not what was declared. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { type Mutation, mutations } from '../mutants/mutations.ts'
import { labOfAll } from './case/lab-of-all.ts'
import { ownCheckout } from './case/operator.ts'
import { readCase } from './case/read-case.ts'
import { runCase } from './case/run-case.ts'
import { packetTest } from './fixture/index.ts'

const chosen = mutations.flatMap(({ packets, ...mutation }) => (packets ? [{ ...mutation, packets }] : []))

describe('packets notice that', () => {
  packetTest.for(chosen.map(mutation => [mutation.what, mutation] as const))(
    '%s',
    async ([, { packets, ...mutation }], { cluster }) => {
      const checkout = await makeFaultyCheckout(mutation)
      try {
        const { steps } = await runCase(await labOfAll(cluster), readCase(packets), checkout)
        const [before, ...later] = steps
        expect(before?.differences).toEqual([])
        expect(later.flatMap(({ differences }) => differences).filter(isOfPackets)).not.toEqual([])
      } finally {
        await rm(checkout, { recursive: true })
      }
    },
  )
})

/** What was declared is not what got through, whatever the evaluator says. */
function isOfPackets(difference: string): boolean {
  const [, packets, declared] = /packets (\w+), evaluator \w+, declared (\w+)/.exec(difference) ?? []
  return declared !== 'nothing' && packets !== declared
}

async function makeFaultyCheckout({ file, find, replace }: Mutation): Promise<string> {
  const checkout = await mkdtemp(join(tmpdir(), 'mutant-'))
  for (const entry of ['src', 'package.json'])
    await cp(join(ownCheckout, entry), join(checkout, entry), { recursive: true })
  await symlink(join(ownCheckout, 'node_modules'), join(checkout, 'node_modules'))
  const path = join(checkout, file)
  const text = await readFile(path, 'utf8')
  if (text.split(find).length !== 2) throw new Error(`${file} has not just one place for the mutation`)
  await writeFile(
    path,
    text.replace(find, () => replace),
  )
  return checkout
}
