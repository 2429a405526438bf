import { expect } from 'vitest'
import { readAppTierSpec } from '../../src/api/apptier.ts'
import fc from '../seeded.ts'
import { dryRunAppTier } from './dry-run.ts'
import { nearSpec } from './near-specs.ts'
import { test } from './plane.ts'

test('the API server and the reader of files agree on AppTiers that are nearly right', async ({ plane }) => {
  await fc.assert(
    fc.asyncProperty(nearSpec, async spec => {
      const answer = await dryRunAppTier(plane, spec)
      const faults = readAppTierSpec(spec).faults.map(({ fault }) => fault.message)
      if ('stored' in answer) expect(faults, 'the API server accepts it, the reader does not').toEqual([])
      else expect(faults, `the reader accepts it, the API server does not: ${answer.refused}`).not.toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('about half of what is nearly right is right, so that the comparison is of both', () => {
  const specs = fc.sample(nearSpec, { numRuns: 300, seed: 1 })
  const right = specs.filter(spec => readAppTierSpec(spec).faults.length === 0)
  expect(right.length).toBeGreaterThan(75)
  expect(right.length).toBeLessThan(225)
})
