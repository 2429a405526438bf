import { describe, expect, it } from 'vitest'
import fc from '../seeded.ts'
import { firstDifference } from './compare.ts'
import { declaredReach, probesOf } from './oracle.ts'
import { world } from './world.ts'

describe('for every world', () => {
  const titles = {
    both: 'the policies open exactly the flows that the world declares',
    egress: 'the ways out alone are exactly those that somebody asked for and the server accepts',
    ingress: 'the ways in alone are exactly those that the server declares and, across namespaces, the client asks for',
  } as const
  for (const side of ['both', 'egress', 'ingress'] as const)
    it(titles[side], () => {
      fc.assert(
        fc.property(world, world => {
          const difference = firstDifference(world, side)
          if (difference !== undefined) throw new Error(difference)
        }),
        { numRuns: side === 'both' ? 500 : 300 },
      )
    })

  it('most flows that are open are open because somebody said so, so the comparison is not empty', () => {
    let [restricted, opened] = [0, 0]
    for (const sample of fc.sample(world, { numRuns: 50, seed: 1 })) {
      const probes = probesOf(sample)
      const reach = declaredReach(sample, probes)
      for (const from of sample.pods)
        for (const to of sample.pods) {
          const { must } = reach(from, to)
          if (must !== (1n << BigInt(probes.length)) - 1n) restricted += 1
          if (must !== 0n) opened += 1
        }
    }
    expect(restricted).toBeGreaterThan(1000)
    expect(opened).toBeGreaterThan(1000)
  })
})
