import { describe, expect, test } from 'vitest'
import { createQueue, type Outcome, type QueueOptions } from '../../src/cluster/queue.ts'
import fc from '../seeded.ts'
import { settle, TestClock, TestLog } from './given.ts'

const done: Outcome = { is: 'done' }
const failed: Outcome = { is: 'failed' }

function setUp(options: Partial<QueueOptions> = {}, outcome: (key: string) => Outcome = () => done) {
  const clock = new TestClock()
  const log = new TestLog()
  const runs: { key: string; at: number }[] = []
  const holds: (() => void)[] = []
  let held = false
  const run = async (key: string) => {
    runs.push({ key, at: clock.monotonic() })
    if (held) await new Promise<void>(resolve => holds.push(resolve))
    return outcome(key)
  }
  const queue = createQueue({ run, concurrency: 2, clock, random: () => 1, log, ...options })
  return {
    clock,
    log,
    runs,
    queue,
    keys: () => runs.map(({ key }) => key),
    hold: () => {
      held = true
    },
    release: async () => {
      held = false
      for (const resolve of holds.splice(0)) resolve()
      await settle()
    },
  }
}

describe('the queue of keys', () => {
  test('runs a key once, however often it is added while it waits', async () => {
    const { queue, keys } = setUp({ paused: true })
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key)
    queue.start()
    await queue.idle()
    expect(keys()).toEqual(['a', 'b'])
  })

  test('runs a key once more when it is added while it runs, and not at the same time', async () => {
    const { queue, keys, hold, release } = setUp()
    hold()
    queue.add('a')
    await settle()
    queue.add('a')
    queue.add('a')
    await settle()
    expect(keys()).toEqual(['a'])
    await release()
    expect(keys()).toEqual(['a', 'a'])
  })

  test('does not let a key that waits for itself take a place that others could use', async () => {
    const { queue, keys, hold, release } = setUp()
    hold()
    for (const key of ['a', 'a', 'b', 'c']) queue.add(key)
    await settle()
    queue.add('a')
    await settle()
    expect(keys()).toEqual(['a', 'b'])
    await release()
    expect(keys()).toEqual(['a', 'b', 'c', 'a'])
  })

  test('waits twice as long after each failure of a key, up to a limit, and starts over after a success', async () => {
    let left = 4
    const backoff = { first: 100, most: 400 }
    const { queue, runs, clock } = setUp({ backoff }, () => (left-- > 0 ? failed : done))
    queue.add('a')
    await clock.advance(10_000)
    expect(runs.map(({ at }) => at)).toEqual([0, 100, 300, 700, 1_100])
    left = 1
    queue.add('a')
    await clock.advance(10_000)
    expect(runs.slice(5).map(({ at }) => at)).toEqual([10_000, 10_100])
  })

  test('lets one key fail without holding up another', async () => {
    const { queue, keys, clock } = setUp({ concurrency: 1 }, key => (key === 'bad' ? failed : done))
    queue.add('bad')
    queue.add('good')
    await clock.advance(10)
    expect(keys()).toEqual(['bad', 'good'])
  })

  test('runs a key that backs off at once when there is news of it', async () => {
    let fails = true
    const { queue, runs, clock } = setUp({ backoff: { first: 1_000, most: 1_000 } }, () => (fails ? failed : done))
    queue.add('a')
    await clock.advance(10)
    fails = false
    queue.add('a')
    await clock.advance(10)
    expect(runs.map(({ at }) => at)).toEqual([0, 10])
  })

  test('takes the earlier of two wishes to run later', async () => {
    const { queue, runs, clock } = setUp()
    queue.addAfter('a', 500)
    queue.addAfter('a', 200)
    queue.addAfter('a', 300)
    await clock.advance(1_000)
    expect(runs.map(({ at }) => at)).toEqual([200])
  })

  test('keeps a wish to run later although the key runs before', async () => {
    const { queue, runs, clock } = setUp()
    queue.addAfter('a', 500)
    queue.add('a')
    await clock.advance(1_000)
    expect(runs.map(({ at }) => at)).toEqual([0, 500])
  })

  test('comes back when a run asks for it, without counting that as a failure', async () => {
    let asks = 1
    const { queue, runs, clock } = setUp({}, () => (asks-- > 0 ? { is: 'again', after: 2_000 } : done))
    queue.add('a')
    await clock.advance(10)
    expect(queue.figures()).toMatchObject({ delayed: 1, failing: 0 })
    await clock.advance(5_000)
    expect(runs.map(({ at }) => at)).toEqual([0, 2_000])
  })

  test('takes a run that throws for a failure, says so in the log and goes on', async () => {
    let throws = true
    const { queue, runs, log, clock } = setUp({ backoff: { first: 100, most: 100 } }, () => {
      if (throws) throw new Error('a mistake of ours')
      return done
    })
    queue.add('a')
    await clock.advance(10)
    throws = false
    await clock.advance(1_000)
    expect(runs).toHaveLength(2)
    expect(log.text).toContain('a mistake of ours')
  })

  test('says how much waits and runs, and for how long', async () => {
    const { queue, clock, hold, release } = setUp({ concurrency: 1 })
    hold()
    for (const key of ['a', 'b', 'c']) queue.add(key)
    queue.addAfter('d', 60_000)
    await clock.advance(1_000)
    queue.add('a')
    await clock.advance(2_000)
    expect(queue.figures()).toEqual({ waiting: 3, running: 1, delayed: 1, failing: 0, longestWait: 3, longestRun: 3 })
    await release()
    expect(queue.figures()).toMatchObject({ waiting: 0, running: 0, longestWait: 0, longestRun: 0 })
  })

  test('has settled when nothing waits, runs or keeps failing, as whoever hears of a run may ask', async () => {
    let fails = true
    const settled: boolean[] = []
    const onRun = () => settled.push(queue.settled())
    const backoff = { first: 1_000, most: 1_000 }
    const { queue, clock } = setUp({ concurrency: 1, backoff, onRun }, () => (fails ? failed : done))
    expect(queue.settled()).toBe(true)
    queue.add('a')
    expect(queue.settled()).toBe(false)
    await clock.advance(10)
    expect(settled).toEqual([false])
    fails = false
    queue.add('b')
    await clock.advance(10)
    await clock.advance(2_000)
    expect(settled).toEqual([false, false, true])
    queue.add('b')
    queue.add('c')
    await clock.advance(10)
    expect(settled.slice(3)).toEqual([false, true])
  })

  test('waits for the runs under way when it stops, and starts none after that', async () => {
    const { queue, keys, clock, hold, release } = setUp({ concurrency: 1 })
    hold()
    queue.add('a')
    await settle()
    queue.add('a')
    queue.add('b')
    queue.addAfter('c', 10)
    let stopped = false
    const stopping = queue.stop().then(() => {
      stopped = true
    })
    await clock.advance(1_000)
    expect(stopped).toBe(false)
    await release()
    await stopping
    queue.add('d')
    await clock.advance(1_000)
    expect(keys()).toEqual(['a'])
    expect(clock.timers).toBe(0)
  })

  test('loses no key and runs none twice at the same time, whatever comes in whatever order', async () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      does: fc.constantFrom('add', 'later', 'time', 'end'),
      ms: fc.integer({ min: 0, max: 300 }),
      fails: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, concurrency) => {
          const clock = new TestClock()
          const running = new Map<string, (outcome: Outcome) => void>()
          const owed = new Set<string>()
          let overlaps = 0
          const run = (key: string) => {
            if (running.has(key)) overlaps++
            owed.delete(key)
            return new Promise<Outcome>(resolve => running.set(key, resolve))
          }
          const queue = createQueue({ run, concurrency, clock, random: () => 0, log: new TestLog() })
          const end = async (key: string, outcome: Outcome) => {
            running.get(key)?.(outcome)
            running.delete(key)
            if (outcome.is === 'failed') owed.add(key)
            await settle()
          }
          for (const { key, does, ms, fails } of steps) {
            if (does === 'time') await clock.advance(ms)
            else if (does === 'end') {
              if (running.has(key)) await end(key, fails ? failed : done)
            } else {
              owed.add(key)
              if (does === 'add') queue.add(key)
              else queue.addAfter(key, ms)
            }
          }
          for (let turn = 0; turn < 20; turn++) {
            await clock.advance(200_000)
            for (const key of [...running.keys()]) await end(key, done)
          }
          expect({ overlaps, owed: [...owed] }).toEqual({ overlaps: 0, owed: [] })
        },
      ),
      { numRuns: 60 },
    )
  })
})
