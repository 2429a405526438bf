import { describe, expect } from 'vitest'
import { makeCustomResourceDefinition } from '../../../src/api/crd.ts'
import type { ControlPlane } from '../../../src/controlplane/index.ts'
import { test } from '../../controlplane/plane.ts'
import { hardSequences } from './hard-sequences.ts'
import { Operators } from './operators.ts'
import { type Proof, prove } from './proof.ts'
import { makeSequence } from './random-edits.ts'
import { writeUnsettled, writeViolations } from './report.ts'

/** The same edits in every run, so that a red test is about the change; REVISION_SEED and REVISION_RUNS look further. */
const first = Number(process.env.REVISION_SEED ?? 1)
const runs = Number(process.env.REVISION_RUNS ?? 2)

type StartPlane = (options: { readonly customResources: readonly unknown[] }) => Promise<ControlPlane>

async function withOperators(
  startPlane: StartPlane,
  play: (plane: ControlPlane, operators: Operators) => Promise<void>,
): Promise<void> {
  const plane = await startPlane({ customResources: [makeCustomResourceDefinition()] })
  const operators = new Operators(plane.access.kubeconfigFile)
  try {
    await play(plane, operators)
  } finally {
    await operators.stop()
  }
}

function expectProof({ violations, unsettled, writes }: Proof, told: string): void {
  expect(writeViolations(violations), told).toBe('')
  const late = unsettled.map(({ burst, moment }) => `after burst ${burst}, ${writeUnsettled(moment)}`)
  expect(late, `${told}: not settled`).toEqual([])
  expect(writes, told).toBeGreaterThan(4)
}

describe('a real operator never cuts what stays intended, nor opens what is not', () => {
  test(
    'where the order of writes matters',
    async ({ startPlane }) => {
      await withOperators(startPlane, async (plane, operators) => {
        for (const [index, [told, sequence]] of Object.entries(hardSequences).entries())
          expectProof(await prove(plane, operators, sequence, `hard-${index}`), told)
      })
    },
    60_000 + Object.keys(hardSequences).length * 60_000,
  )

  test(
    'under random edits, and with an operator that dies on the way',
    async ({ startPlane }) => {
      await withOperators(startPlane, async (plane, operators) => {
        for (let seed = first; seed < first + runs; seed++) {
          const proof = await prove(plane, operators, makeSequence(seed), `run-${seed}`)
          expectProof(proof, `REVISION_SEED=${seed} REVISION_RUNS=1`)
        }
      })
    },
    60_000 + runs * 120_000,
  )
})
