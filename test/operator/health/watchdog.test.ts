import { describe, expect, test } from 'vitest'
import { createWatchdog } from '../../../src/operator/health/index.ts'
import { TestClock } from '../../cluster/given.ts'

describe('the watchdog', () => {
  test('is content while nothing runs, and while nothing runs for too long', async () => {
    const clock = new TestClock()
    const watchdog = createWatchdog({ clock })
    expect(watchdog.check().ok).toBe(true)
    watchdog.begin('shop')
    await clock.advance(120_000)
    expect(watchdog.check()).toEqual({ ok: true, because: '1 running' })
  })

  test('says which run does not end, and for how long it has run', async () => {
    const clock = new TestClock()
    const watchdog = createWatchdog({ clock })
    watchdog.begin('shop')
    await clock.advance(90_000)
    watchdog.begin('bi')
    await clock.advance(40_000)
    expect(watchdog.check()).toEqual({ ok: false, because: 'shop has run for 130 s, and may run for 120 s' })
  })

  test('is content again when the run has ended after all', async () => {
    const clock = new TestClock()
    const watchdog = createWatchdog({ clock, limit: 1_000 })
    const ends = ['shop', 'bi'].map(what => watchdog.begin(what))
    await clock.advance(1_001)
    expect(watchdog.check().ok).toBe(false)
    for (const end of ends) end()
    expect(watchdog.check().ok).toBe(true)
  })

  test('takes a second end of one run for nothing, whatever else runs under its name', async () => {
    const clock = new TestClock()
    const watchdog = createWatchdog({ clock, limit: 1_000 })
    const end = watchdog.begin('shop')
    end()
    watchdog.begin('shop')
    end()
    await clock.advance(1_001)
    expect(watchdog.check().ok).toBe(false)
  })

  test('does not mind that the wall clock jumps', () => {
    const clock = new TestClock()
    const watchdog = createWatchdog({ clock })
    watchdog.begin('shop')
    clock.suspend(86_400_000)
    expect(watchdog.check().ok).toBe(true)
  })
})
