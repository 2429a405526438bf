import { test } from '../../controlplane/plane.ts'
import { makeSequence } from './random-edits.ts'
import { expectProofs, patienceFor } from './stage.ts'

/** The same edits in every run, so that a red test is about the change; REVISION_SEED and REVISION_RUNS look further. */
const first = Number(process.env.REVISION_SEED ?? 1)
const runs = Number(process.env.REVISION_RUNS ?? 2)
const seeds = Array.from({ length: runs }, (_, index) => first + index)

test(
  'a real operator never cuts what stays intended, nor opens what is not, under random edits and while leaders fall',
  async ({ startPlane }) => {
    const sequences = seeds.map(seed => [`REVISION_SEED=${seed} REVISION_RUNS=1`, makeSequence(seed)] as const)
    await expectProofs(startPlane, sequences)
  },
  patienceFor(runs),
)
