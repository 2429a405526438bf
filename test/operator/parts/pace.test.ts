import { expect, test } from 'vitest'
import { createPace } from '../../../src/operator/pace.ts'
import { TestClock } from '../../cluster/given.ts'

/** Each decision takes so many milliseconds and comes so long after the rest that the one before it asked for. */
function decide({ took, every, times }: { took: number; every: number; times: number }) {
  const clock = new TestClock()
  const restAfter = createPace(clock)
  return Array.from({ length: times }, () => {
    clock.freeze(took)
    const rest = restAfter(took)
    clock.freeze(rest + every)
    return rest
  })
}

test('what comes now and then is decided at once', () => {
  const rests = decide({ took: 1, every: 30, times: 100 })
  expect(new Set(rests)).toEqual(new Set([2]))
})

test('of what comes all the time, more and more is gathered, but for no longer than a twentieth of a second', () => {
  const rests = decide({ took: 4, every: 0, times: 20 })
  expect(rests[0]).toBe(8)
  expect(rests.at(-1)).toBeGreaterThan(30)
  expect(Math.max(...rests)).toBeLessThanOrEqual(50)
})

test('a large decision rests for twice as long as it took', () => {
  expect(decide({ took: 3_000, every: 0, times: 3 })).toEqual([6_000, 6_000, 6_000])
})

test('what rested for long enough decides several at once again', () => {
  const clock = new TestClock()
  const restAfter = createPace(clock)
  expect(restAfter(20)).toBe(50)
  clock.freeze(10_000)
  expect([restAfter(2), restAfter(2)]).toEqual([4, 4])
})

test('what comes now and then after a burst does not pay for it', () => {
  const clock = new TestClock()
  const restAfter = createPace(clock)
  for (let times = 0; times < 100; times++) {
    clock.freeze(15)
    clock.freeze(restAfter(15))
  }
  clock.freeze(50)
  expect(restAfter(2)).toBeLessThanOrEqual(20)
  clock.freeze(100)
  expect(restAfter(2)).toBe(4)
})
