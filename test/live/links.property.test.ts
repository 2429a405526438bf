import { expect, test } from 'vitest'
import { takeOutlook } from '../../src/live/outlook.ts'
import { world } from '../properties/world.ts'
import { writeConfiguration, writeObjects } from '../properties/writing.ts'
import fc from '../seeded.ts'
import { desiredIn, namespacesOf, viewOf } from './view.ts'

test('a namespace decided with its neighbours alone is as it is decided with all of them', () => {
  fc.assert(
    fc.property(world, made => {
      const standing = { objects: writeObjects(made), configuration: writeConfiguration(made) }
      const view = viewOf(standing)
      const namespaces = namespacesOf(standing)
      const all = desiredIn(view, namespaces)
      const alone = namespaces.flatMap(namespace => [...desiredIn(view, [namespace])])
      expect(new Map(alone)).toEqual(all)
    }),
    { numRuns: 200 },
  )
})

test('nothing is restored, kept or in conflict where everything is sound and nothing stands', () => {
  fc.assert(
    fc.property(world, made => {
      const standing = { objects: writeObjects(made), configuration: writeConfiguration(made) }
      const { targets } = takeOutlook(viewOf(standing), namespacesOf(standing))
      for (const { restored, kept, conflicts } of targets)
        expect([restored.size, kept.length, conflicts.length]).toEqual([0, 0, 0])
    }),
    { numRuns: 100 },
  )
})
