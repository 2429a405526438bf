import { expect, test } from 'vitest'
import { readJson } from '../../src/manifests/json.ts'

test('JSON reads as JSON', () => {
  expect(readJson('{"a": [1, "x:{\\"", null], "b": {}}')).toEqual({ value: { a: [1, 'x:{"', null], b: {} } })
})

test.each([
  ['a key that stands twice', '{"a": 1, "a": 2}'],
  ['a key that stands twice, once escaped', '{"a": 1, "\\u0061": 2}'],
  ['a number that JavaScript has not', '{"a": 1e400}'],
  ['nesting that is too deep', `${'['.repeat(300)}${']'.repeat(300)}`],
  ['YAML', '{a: b}'],
])('%s is left to the YAML reader', (_, text) => {
  expect(readJson(text)).toBeUndefined()
})
