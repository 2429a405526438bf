import { describe } from 'vitest'
import { test } from '../../controlplane/plane.ts'
import type { Sequence } from './edits.ts'
import { hardSequences } from './hard-sequences.ts'
import { replicaSequences } from './replica-sequences.ts'
import { expectProofs, patienceFor } from './stage.ts'

const scripted: readonly [string, Readonly<Record<string, Sequence>>][] = [
  ['where the order of writes matters', hardSequences],
  ['where one of two replicas dies or stands still', replicaSequences],
]

describe('a real operator never cuts what stays intended, nor opens what is not', () => {
  for (const [where, sequences] of scripted)
    test(
      where,
      async ({ startPlane }) => expectProofs(startPlane, Object.entries(sequences)),
      patienceFor(Object.keys(sequences).length),
    )
})
