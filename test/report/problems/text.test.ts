import { expect, test } from 'vitest'
import { problemAt } from '../../../src/api/problem.ts'
import { countProblems, writeCount } from '../../../src/report/problems/placed.ts'
import { problemsAsText } from '../../../src/report/problems/text.ts'
import { locate, problems } from './cases.ts'

const lines = `a.yaml:7:32: error port-invalid: '80-79' runs backwards; write 79-80
a.yaml:7:32: warning port-undeclared: no container declares 80-79; write 5000
a.yaml:12:1: warning tier-overlap: two tiers; take one away
b.yaml:1:1: error yaml-invalid: this is no YAML; correct it
configuration peers[0]: error configuration-invalid: there is no key 'x'; take it away
Deployment shop/api: warning workload-uncovered: this has no tier; give it one
`

test('problems are lines of place, severity, code, what is wrong and what to do, in the order of the files', () => {
  expect(problemsAsText(problems, locate)).toBe(lines)
})

test('problems come in one order, whatever order they were found in', () => {
  expect(problemsAsText([...problems].reverse(), locate)).toBe(lines)
})

test('no problem is no line', () => {
  expect(problemsAsText([], locate)).toBe('')
})

test('a line is coloured only by the style that it is given', () => {
  const text = problemsAsText(problems.slice(2, 3), locate, (part, text) => `<${part}>${text}</>`)
  expect(text).toBe('<place>b.yaml:1:1:</> <error>error</> yaml-invalid: this is no YAML; correct it\n')
})

test('a name or value from a file cannot break a line, colour the terminal or turn the text around', () => {
  const source = { said: 'file', file: 'a\nb', line: 1, column: 1 } as const
  const problem = problemAt(source, 'peer-invalid', "'\u001b[31m\u202e\u009b\u2028' is no peer", 'write a\tpeer')
  expect(problemsAsText([problem], locate)).toBe(
    "a\\u000ab:1:1: error peer-invalid: '\\u001b[31m\\u202e\\u009b\\u2028' is no peer; write a\\u0009peer\n",
  )
})

test('the count names each severity that occurs, in the singular where there is one', () => {
  expect(writeCount(countProblems(problems))).toBe('3 errors, 3 warnings')
  expect(writeCount({ error: 2, warning: 1, info: 0 })).toBe('2 errors, 1 warning')
  expect(writeCount({ error: 0, warning: 0, info: 1 })).toBe('1 remark')
  expect(writeCount({ error: 10, warning: 0, info: 0 })).toBe('10 errors')
  expect(writeCount(countProblems([]))).toBe('no problems')
})
