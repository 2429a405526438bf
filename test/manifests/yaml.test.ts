import { describe, expect, test } from 'vitest'
import { parseYaml } from '../../src/manifests/yaml.ts'

const faultOf = (text: string) => {
  const read = parseYaml(text)
  return 'fault' in read ? read.fault : undefined
}

describe('text that is no YAML', () => {
  test.each([
    ['a: 1\n\tb: 2\n', 5, 'tabs are not allowed as indentation', 'indent with spaces'],
    ['from: @monitoring', 6, 'plain value cannot start with reserved character @', 'put the value in quotes'],
    ['a: [1, 2', 8, 'flow sequence in block collection must be', 'check the indentation and the closing brackets'],
    ['a: b: c', 3, 'nested mappings are not allowed', "check the indentation; a value with ': ' in it needs quotes"],
    ['a: "x\n', 5, 'missing closing "quote', 'correct the syntax'],
    ['{{ if .Values.web }}\na: b', 21, 'unexpected', 'a template must be rendered first, as with helm template'],
  ])('%j is a fault with its place and a fix', (text, offset, message, fix) => {
    expect(faultOf(text)).toMatchObject({ offset, message: expect.stringContaining(message), fix })
  })

  test.each(['[', '{a: ', '- ', '? '])('nested without end (%j) is a fault, not a crash', opening => {
    expect(faultOf(opening.repeat(100_000))?.message).toMatch(
      /^the nesting is deeper than 200 levels$|^this is no valid/,
    )
  })

  test('nested deeper than any Kubernetes object is a fault', () => {
    expect(faultOf(`${'['.repeat(300)}${']'.repeat(300)}`)?.message).toBe('the nesting is deeper than 200 levels')
    expect(faultOf(`${'['.repeat(150)}${']'.repeat(150)}`)).toBeUndefined()
  })
})

test('every node knows where it starts, behind its tag and anchor', () => {
  const read = parseYaml('# c\na: &x !!str "b"\nc:\n  - d\n')
  expect(read).toMatchObject({
    value: {
      kind: 'map',
      start: 4,
      entries: [
        { key: { start: 4, text: 'a' }, value: { start: 16, text: 'b', plain: false } },
        { key: { start: 20 }, value: { kind: 'list', start: 25, items: [{ start: 27 }] } },
      ],
    },
  })
})
