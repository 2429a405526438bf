import { expect, test } from 'vitest'
import { problemsAsJson } from '../../../src/report/problems/json.ts'
import { locate, problems } from './cases.ts'

test('problems in JSON have code, place, object and field, as far as they are known', () => {
  const report = JSON.parse(problemsAsJson(problems, locate))
  expect(report.count).toEqual({ errors: 3, warnings: 3, remarks: 0 })
  expect(report.problems).toHaveLength(6)
  expect(report.problems[0]).toEqual({
    code: 'port-invalid',
    severity: 'error',
    message: "'80-79' runs backwards",
    fix: 'write 79-80',
    file: 'a.yaml',
    line: 7,
    column: 32,
    object: { kind: 'Deployment', namespace: 'shop', name: 'web' },
    field: 'metadata.annotations[tierwall.dev/ports]',
  })
  expect(report.problems[4]).toEqual({
    code: 'configuration-invalid',
    severity: 'error',
    message: "there is no key 'x'",
    fix: 'take it away',
    said: 'configuration peers[0]',
  })
})

test('no problem is an empty list', () => {
  expect(JSON.parse(problemsAsJson([], locate))).toEqual({
    problems: [],
    count: { errors: 0, warnings: 0, remarks: 0 },
  })
})

test('problems in JSON are the same bytes, whatever order they were found in', () => {
  expect(problemsAsJson([...problems].reverse(), locate)).toBe(problemsAsJson(problems, locate))
})
