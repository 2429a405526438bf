import { describe, expect, it } from 'vitest'
import type { LabelSelector } from '../../src/api/kubernetes.ts'
import { readSelector } from '../../src/evaluate/index.ts'
import fc from '../seeded.ts'

/** Keys and values that every object inherits are legal labels. */
const word = fc.constantFrom('app', 'role', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__', '')
const labels = fc.array(fc.tuple(word, word)).map(entries => Object.fromEntries(entries))
const values = fc.array(word, { minLength: 1, maxLength: 3 })

function expression(key: string, operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', values: string[] = []) {
  return readSelector({ matchExpressions: [{ key, operator, values }] })
}

describe('readSelector', () => {
  it('selects everything when empty', () => {
    fc.assert(
      fc.property(labels, labels =>
        [{}, { matchLabels: {} }, { matchExpressions: [] }].every(selector => readSelector(selector)(labels)),
      ),
    )
  })

  it('takes NotIn for the opposite of In, also where the key is absent', () => {
    fc.assert(
      fc.property(
        word,
        values,
        labels,
        (key, values, labels) => expression(key, 'NotIn', values)(labels) !== expression(key, 'In', values)(labels),
      ),
    )
  })

  it('takes DoesNotExist for the opposite of Exists, and Exists for having the key', () => {
    fc.assert(
      fc.property(word, labels, (key, labels) => {
        expect(expression(key, 'Exists')(labels)).toBe(Object.keys(labels).includes(key))
        expect(expression(key, 'DoesNotExist')(labels)).toBe(!Object.keys(labels).includes(key))
      }),
    )
  })

  it('takes a label for an In of that one value', () => {
    fc.assert(
      fc.property(
        word,
        word,
        labels,
        (key, value, labels) =>
          readSelector({ matchLabels: Object.fromEntries([[key, value]]) })(labels) ===
          expression(key, 'In', [value])(labels),
      ),
    )
  })

  it('wants all its parts to hold', () => {
    const requirement = fc.record({ key: word, operator: fc.constantFrom('In' as const, 'NotIn' as const), values })
    fc.assert(
      fc.property(labels, fc.array(requirement, { maxLength: 3 }), labels, (matchLabels, matchExpressions, labels) => {
        const parts: LabelSelector[] = [
          ...Object.entries(matchLabels).map(entry => ({ matchLabels: Object.fromEntries([entry]) })),
          ...matchExpressions.map(expression => ({ matchExpressions: [expression] })),
        ]
        const whole = readSelector({ matchLabels, matchExpressions })(labels)
        expect(whole).toBe(parts.every(part => readSelector(part)(labels)))
      }),
    )
  })

  it('always selects the labels it was made from', () => {
    fc.assert(fc.property(labels, labels => readSelector({ matchLabels: labels })(labels)))
  })

  it('does not find `constructor` and its like on an object that merely inherits them', () => {
    for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect([key, expression(key, 'Exists')({})]).toEqual([key, false])
  })
})
