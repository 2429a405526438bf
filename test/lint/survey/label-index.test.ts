import { describe, expect, it } from 'vitest'
import type { LabelSelector, Labels } from '../../../src/api/kubernetes.ts'
import { readSelector } from '../../../src/evaluate/index.ts'
import { indexLabels, indexSelectors } from '../../../src/lint/survey/label-index.ts'
import fc from '../../seeded.ts'

const key = fc.constantFrom('app', 'role', 'zone')
const value = fc.constantFrom('x', 'y', '')
const labels: fc.Arbitrary<Labels> = fc.dictionary(key, value, { noNullPrototype: true })
const values = fc.uniqueArray(value, { minLength: 1 })
const requirement = fc.oneof(
  fc.record({ key, operator: fc.constantFrom('In' as const, 'NotIn' as const), values }),
  fc.record({
    key,
    operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
    values: fc.constant<string[]>([]),
  }),
)
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: labels,
  matchExpressions: fc.array(requirement, { maxLength: 2 }),
})

describe('label indexes', () => {
  it('find what asking every one finds, in the same order', () => {
    fc.assert(
      fc.property(fc.array(labels), selector, (sets, selector) => {
        const things = sets.map((labels, id) => ({ id, labels }))
        const matches = readSelector(selector)
        expect(indexLabels(things)(selector)).toEqual(things.filter(({ labels }) => matches(labels)))
      }),
    )
  })

  it('find the selectors that match some labels, in the same order', () => {
    fc.assert(
      fc.property(fc.array(selector), labels, (selectors, labels) => {
        const things = selectors.map((selector, id) => ({ id, selector }))
        const expected = things.filter(({ selector }) => readSelector(selector)(labels))
        expect(indexSelectors(things, ({ selector }) => selector)(labels)).toEqual(expected)
      }),
    )
  })
})
