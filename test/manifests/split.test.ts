import { describe, expect, test } from 'vitest'
import { splitDocuments } from '../../src/manifests/split.ts'

const split = (text: string) => splitDocuments('f.yaml', text).map(({ text, line, column }) => [line, column, text])

describe('a file', () => {
  test('of one document stays whole', () => {
    expect(split('a: 1\nb: 2')).toEqual([[1, 1, 'a: 1\nb: 2']])
  })

  test('falls apart at its --- lines, each part with the line it starts on', () => {
    expect(split('a: 1\n---\nb: 2\n--- # second\nc: 3\n')).toEqual([
      [1, 1, 'a: 1\n'],
      [2, 4, '\nb: 2\n'],
      [4, 4, ' # second\nc: 3\n'],
    ])
  })

  test('keeps the same lines when they end in CRLF', () => {
    expect(split('a: 1\r\n---\r\nb: 2\r\n')).toEqual([
      [1, 1, 'a: 1\r\n'],
      [2, 4, '\r\nb: 2\r\n'],
    ])
  })

  test('ends a document at ... as well', () => {
    expect(split('a: 1\n...\nb: 2')).toEqual([
      [1, 1, 'a: 1\n'],
      [2, 4, '\nb: 2'],
    ])
  })

  test('keeps directives with the document after them', () => {
    expect(split('# license\n%YAML 1.1\n---\na: 1')).toEqual([[1, 1, '# license\n%YAML 1.1\n---\na: 1']])
  })

  test.each(['', '\n\n', '# nothing\n', '  # nothing'])('without content (%j) has no document', text => {
    expect(split(text)).toEqual([])
  })

  test('is not split where --- is text', () => {
    const text = 'a: |\n  ---\nb: x --- y\nc---: d\n----\n'
    expect(split(text)).toEqual([[1, 1, text]])
  })
})

describe('a stream of JSON values', () => {
  test('falls apart into its values, with line and column', () => {
    expect(split('{"a": "}{"}{"b": 2}\n  {"c": 3}\n')).toEqual([
      [1, 1, '{"a": "}{"}'],
      [1, 12, '{"b": 2}'],
      [1, 20, '\n  {"c": 3}'],
    ])
  })

  test('may stand beside YAML documents', () => {
    expect(split('a: 1\n---\n{"b": 1}')).toEqual([
      [1, 1, 'a: 1\n'],
      [2, 4, '\n{"b": 1}'],
    ])
    expect(split('---\n{"a": 1}{"b": 2}')).toEqual([
      [1, 4, '\n{"a": 1}'],
      [2, 9, '{"b": 2}'],
    ])
  })

  test.each(['{a: b} # {', '{a: b}}', '{a: b}\nc: d', '{"a": {}'])('is not made of %j', text => {
    expect(split(text)).toEqual([[1, 1, text]])
  })
})
