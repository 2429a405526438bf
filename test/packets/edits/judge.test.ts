import { describe, expect, test } from 'vitest'
import { type Edit, judge, type Sample } from './judge.ts'

const open: Edit = { name: 'open', began: 0, ended: 0, open: new Set(['a', 'b']) }
const shut: Edit = { name: 'shut', began: 10_000, ended: 10_100, open: new Set(['a']) }
const sample = (at: number, answered: boolean, took = 1): Sample => ({ at, took, answered })
const judged = (flow: string, ...samples: readonly Sample[]) => judge([open, shut], new Map([[flow, samples]]))

describe('a request', () => {
  test('of a flow that is open before and after counts as lost whenever it is not answered', () => {
    const [before, after] = judged('a', sample(9_000, true), sample(10_050, false), sample(20_000, false))
    expect(before).toMatchObject({ intended: 1, lost: 0 })
    expect(after).toMatchObject({ intended: 2, lost: 2, unintended: 0 })
  })

  test('of a flow that an edit shuts may pass or not until the edit has ended', () => {
    expect(judged('b', sample(10_050, true), sample(10_060, false))[1]).toMatchObject({
      lost: 0,
      passed: 0,
      unintended: 0,
      breached: 0,
    })
  })

  test('that passes within a second of the edit is counted apart, with how late it was', () => {
    expect(judged('b', sample(10_400, true), sample(11_000, true))[1]).toMatchObject({
      passed: 2,
      slowest: 900,
      breached: 0,
    })
  })

  test('that passes later is a breach', () => {
    expect(judged('b', sample(11_101, true), sample(11_200, false))[1]).toMatchObject({ unintended: 2, breached: 1 })
  })

  test('that was under way when an edit began that shuts it is no loss', () => {
    expect(judged('b', sample(9_990, false, 300))[0]).toMatchObject({ intended: 0, lost: 0 })
  })

  test('of a flow that opens is no loss before it had the time to open', () => {
    const counts = judge(
      [{ ...open, open: new Set() }, shut],
      new Map([['a', [sample(10_500, false), sample(13_200, false)]]]),
    )
    expect(counts[1]).toMatchObject({ intended: 1, lost: 1 })
  })

  test('of a flow that was never open is a breach wherever it passes', () => {
    expect(judged('c', sample(5_000, true), sample(10_050, true)).map(({ breached }) => breached)).toEqual([1, 1])
  })
})
