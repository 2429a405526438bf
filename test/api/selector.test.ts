import { describe, expect, it } from 'vitest'
import type { LabelSelector } from '../../src/api/kubernetes.ts'
import { impliesSelector, matchesLabels, selectorsMeet } from '../../src/api/selector.ts'
import fc from '../seeded.ts'

const keys = ['a', 'b', 'constructor']
const values = ['x', 'y']
const labels = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values, 'z'))
const expression = fc.record({
  key: fc.constantFrom(...keys),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }),
})
const selector: fc.Arbitrary<LabelSelector> = fc.record({
  matchLabels: fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values)),
  matchExpressions: fc.array(
    expression.map(({ values, ...rest }) => ({ ...rest, values: /In$/.test(rest.operator) ? values : [] })),
    { maxLength: 3 },
  ),
})

/** Every label set over the keys and values in use, and one value that nobody names. */
const allLabels = keys.reduce<Record<string, string>[]>(
  (sets, key) => sets.flatMap(set => [set, ...[...values, 'z'].map(value => ({ ...set, [key]: value }))]),
  [{}],
)

describe('what selectors can match', () => {
  it('implies another selector just where no labels tell them apart', () => {
    fc.assert(
      fc.property(selector, selector, (a, b) => {
        const implied = allLabels.every(set => !matchesLabels(a, set) || matchesLabels(b, set))
        expect(impliesSelector(a, b)).toBe(implied)
      }),
      { numRuns: 1000 },
    )
  })

  it('meets another selector just where some labels match both', () => {
    fc.assert(
      fc.property(selector, selector, (a, b) => {
        expect(selectorsMeet(a, b)).toBe(allLabels.some(set => matchesLabels(a, set) && matchesLabels(b, set)))
      }),
      { numRuns: 1000 },
    )
  })

  it('does not take inherited properties for labels', () => {
    expect(matchesLabels({ matchExpressions: [{ key: 'constructor', operator: 'Exists', values: [] }] }, {})).toBe(
      false,
    )
  })

  it('matches everything where it is empty', () => {
    fc.assert(fc.property(labels, set => matchesLabels({}, set)))
  })
})
