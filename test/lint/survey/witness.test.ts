import { expect, it } from 'vitest'
import { readSelector } from '../../../src/evaluate/index.ts'
import { labelsFor } from '../../../src/lint/survey/witness.ts'

it('gives labels that the selector matches, and no more', () => {
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'role', operator: 'In' as const, values: ['a', 'b'] },
      { key: 'zone', operator: 'Exists' as const, values: [] },
      { key: 'canary', operator: 'DoesNotExist' as const, values: [] },
      { key: 'stage', operator: 'NotIn' as const, values: ['test'] },
    ],
  }
  expect(labelsFor(selector)).toEqual({ app: 'web', role: 'a', zone: '' })
  expect(readSelector(selector)(labelsFor(selector))).toBe(true)
})
