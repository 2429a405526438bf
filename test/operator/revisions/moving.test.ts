import { test } from '../../controlplane/plane.ts'
import { movingSequences } from './moving-sequences.ts'
import { expectProofs, patienceFor } from './stage.ts'

test(
  'a real operator never cuts what stays intended, nor opens what is not, while DNS, the API server or the configuration move',
  async ({ startPlane }) => expectProofs(startPlane, Object.entries(movingSequences)),
  patienceFor(Object.keys(movingSequences).length),
)
