import { expect, it } from 'vitest'
import { inBoth, without, writePorts } from './ranges.ts'

it('finds what two lists of ranges have in common', () => {
  expect(
    inBoth(
      [[1, 80]],
      [
        [80, 90],
        [100, 110],
      ],
    ),
  ).toEqual([[80, 80]])
  expect(inBoth([[1, 65535]], [])).toEqual([])
})

it('finds what one list has and another has not', () => {
  expect(
    without(
      [[1, 65535]],
      [
        [53, 53],
        [80, 81],
      ],
    ),
  ).toEqual([
    [1, 52],
    [54, 79],
    [82, 65535],
  ])
  expect(without([[80, 81]], [[1, 65535]])).toEqual([])
  expect(without([[80, 81]], [])).toEqual([[80, 81]])
})

it('writes ports as people do', () => {
  expect(
    writePorts([
      [80, 80],
      [8000, 8005],
    ]),
  ).toBe('80, 8000-8005')
})
