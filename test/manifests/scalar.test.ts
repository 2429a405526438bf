import { describe, expect, test } from 'vitest'
import { readPlain, readScalar } from '../../src/manifests/scalar.ts'

describe('a plain scalar', () => {
  // Each value is what sigs.k8s.io/yaml 1.6.0 makes of the text.
  test.each([
    ['', null],
    ['~', null],
    ['null', null],
    ['Null', null],
    ['nUll', 'nUll'],
    ['yes', true],
    ['On', true],
    ['y', true],
    ['TRUE', true],
    ['no', false],
    ['OFF', false],
    ['N', false],
    ['tRUE', 'tRUE'],
    ['5000', 5000],
    ['-1', -1],
    ['+5', 5],
    ['010', 8],
    ['0o17', 15],
    ['08', 8],
    ['0_7', 7],
    ['1_000', 1000],
    ['0x1F', 31],
    ['-0X1f', -31],
    ['0b11', 3],
    ['0b2', '0b2'],
    ['1.', 1],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['1e', '1e'],
    ['1e400', '1e400'],
    ['12:30:45', '12:30:45'],
    ['2020-01-01', '2020-01-01'],
    ['2001-12-14 21:59:43.10 -5', '2001-12-14 21:59:43.10 -5'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['80-90', '80-90'],
    ['5000, 9090/TCP', '5000, 9090/TCP'],
    ['.', '.'],
    ['-', '-'],
    ['=', '='],
    ['constructor', 'constructor'],
  ])('%j reads as kubectl reads it', (text, value) => {
    expect(readPlain(text)).toBe(value)
  })
})

describe('a scalar', () => {
  const scalar = (text: string, plain: boolean, tag?: string) =>
    ({ kind: 'scalar', start: 3, text, plain, tag }) as const

  test('in quotes is text, whatever it says', () => {
    expect(readScalar(scalar('5000', false))).toEqual({ value: '5000' })
    expect(readScalar(scalar('yes', false))).toEqual({ value: 'yes' })
  })

  test('with a tag is what the tag says', () => {
    expect(readScalar(scalar('5000', true, 'tag:yaml.org,2002:str'))).toEqual({ value: '5000' })
    expect(readScalar(scalar('5000', false, 'tag:yaml.org,2002:int'))).toEqual({ value: 5000 })
    expect(readScalar(scalar('aGk=', true, 'tag:yaml.org,2002:binary'))).toEqual({ value: 'hi' })
  })

  test('with a tag that Kubernetes does not know is text', () => {
    expect(readScalar(scalar('5000', true, '!port'))).toEqual({ value: '5000' })
  })

  test('that does not fit its tag is a fault at its place', () => {
    expect(readScalar(scalar('web', true, 'tag:yaml.org,2002:int'))).toEqual({
      fault: { offset: 3, message: "'web' does not fit its tag !!int", fix: 'take the tag away' },
    })
  })

  test.each(['.nan', '-.inf'])('of %s is a fault, for JSON has no such number', text => {
    expect(readScalar(scalar(text, true))).toEqual({
      fault: { offset: 3, message: `${text} is no number that JSON can hold`, fix: `put it in quotes: "${text}"` },
    })
  })
})
