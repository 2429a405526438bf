import { expect, it } from 'vitest'
import { listFew } from '../../../src/lint/survey/list-few.ts'

it('names three, and counts the others', () => {
  expect(listFew(['a', 'b', 'c'])).toBe('a, b, c')
  expect(listFew(['a', 'b', 'c', 'd'])).toBe('a, b, c and 1 more')
  expect(listFew(['a', 'b', 'c'], 1)).toBe('a and 2 more')
  expect(listFew([])).toBe('')
})
