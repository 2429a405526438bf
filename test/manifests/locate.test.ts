import { describe, expect, test } from 'vitest'
import type { FieldPath } from '../../src/api/source.ts'
import { readManifestText } from '../../src/manifests/manifests.ts'

function locateIn(text: string) {
  const { locate } = readManifestText('a.yaml', text)
  return (name: string, path: FieldPath, span?: readonly [number, number]) => {
    const object = { kind: 'Deployment', namespace: 'default', name }
    const place = locate(span ? { said: 'object', object, path, span } : { said: 'object', object, path })
    return place && `${place.line}:${place.column}`
  }
}

const annotation = (name: string): FieldPath => ['metadata', 'annotations', name]

describe('a field', () => {
  const at = locateIn(`# comment
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    plain: 5000, 9090/TCP
    double: "5000, 9090/TCP"
    single: '5000, 9090/TCP'
    escaped: "5000,\\x209090/TCP"
    folded: 5000,
      9090/TCP
    literal: |
      5000, 9090/TCP
    flow: {a: [b, c]}
    empty:
    "quoted/key": x
  labels: &labels
    app: web
spec:
  selector:
    matchLabels: *labels
  template:
    spec:
      containers:
        - name: server
          ports:
            - containerPort: 5000
            - name: metrics
`)

  test.each<[string, FieldPath, string]>([
    ['with a text is where the text starts', annotation('plain'), '8:12'],
    ['with a quoted key is found by what the key reads as', annotation('quoted/key'), '18:19'],
    ['with a value in braces is where the brace opens', annotation('flow'), '16:11'],
    ['with a map over several lines is at its key', ['spec', 'template'], '24:3'],
    ['without a value is at its key', annotation('empty'), '17:5'],
    ['in a list is where its entry starts', ['spec', 'template', 'spec', 'containers', 0, 'ports', 1], '30:15'],
    ['behind an alias is where the anchor has it', ['spec', 'selector', 'matchLabels', 'app'], '20:10'],
    ['that is absent is at the nearest parent that is there', annotation('absent'), '7:3'],
    ['that is absent with all its parents is where the object starts', ['status', 'phase'], '3:1'],
    ['of nothing is where the object starts', [], '3:1'],
    ['below a text is at the key of the text', [...annotation('plain'), 'x'], '8:5'],
  ])('%s', (_, path, place) => {
    expect(at('web', path)).toBe(place)
  })

  test.each([
    ['plain', '8:18'],
    ['double', '9:20'],
    ['single', '10:20'],
    ['literal', '15:13'],
  ])('with a list in a %s text has a column for each entry', (name, place) => {
    expect(at('web', annotation(name), [6, 14])).toBe(place)
  })

  test.each([
    ['escaped', '11:14'],
    ['folded', '12:13'],
  ])('with a list in a text that does not stand as it reads (%s) is at the start of the text', (name, place) => {
    expect(at('web', annotation(name), [6, 14])).toBe(place)
  })
})

test('a field that comes through << is where the merged map has it', () => {
  const at = locateIn(`base: &base {x: 1}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    <<: [{a: one}, {b: two}]
    c: three
spec: {}`)
  expect(at('web', annotation('b'))).toBe('7:24')
  expect(at('web', annotation('c'))).toBe('8:8')
})

test('a field in a List, in JSON, in a stream and behind other documents has the place of the file', () => {
  const object = (name: string) =>
    `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "${name}"}, "spec": {}}`
  const text = `a: 1
---
{"kind": "List", "apiVersion": "v1", "items": [
\t${object('one')},
\t${object('two')}]}
---
${object('three')}${object('four')}
`
  const at = locateIn(text)
  const columnOf = (line: number, words: string) => `${line}:${(text.split('\n')[line - 1] ?? '').indexOf(words) + 1}`
  expect(at('one', ['metadata', 'name'])).toBe(columnOf(4, '"one"'))
  expect(at('two', [])).toBe('5:2')
  expect(at('three', ['metadata', 'name'])).toBe(columnOf(7, '"three"'))
  expect(at('four', [])).toBe(columnOf(7, object('four')))
  expect(at('four', ['metadata', 'name'])).toBe(columnOf(7, '"four"'))
})

test('what no file says has no place', () => {
  const { locate } = readManifestText('a.yaml', '')
  expect(locate({ said: 'preset', tier: 'web', field: 'ports' })).toBeUndefined()
  expect(locate({ said: 'object', object: { kind: 'Pod', namespace: 'a', name: 'b' }, path: [] })).toBeUndefined()
})

test('what a file says has the place that it says', () => {
  const { locate } = readManifestText('a.yaml', '')
  expect(locate({ said: 'file', file: 'b.yaml', line: 3, column: 4 })).toEqual({ file: 'b.yaml', line: 3, column: 4 })
})
