import { describe, expect, test } from 'vitest'
import type { Failure } from '../../src/cluster/failure.ts'
import { type Happening, next, type Situation, start } from '../../src/cluster/reflector/machine.ts'

const status = (code: number, details?: unknown): Happening => ({
  is: 'failed',
  failure: { kind: 'status', code, reason: '', message: 'no', details, retryAfter: undefined },
})
const reset: Happening = { is: 'failed', failure: { kind: 'network', message: 'reset', code: 'ECONNRESET' } }
const silence: Happening = { is: 'failed', failure: { kind: 'timeout', message: 'silence' } }
const started: Happening = { is: 'started' }
const waited: Happening = { is: 'waited' }
const opened: Happening = { is: 'opened' }
const listed = (resourceVersion: string): Happening => ({ is: 'listed', resourceVersion })
const progressed = (resourceVersion: string): Happening => ({ is: 'progressed', resourceVersion })
const closed = (lasted: number): Happening => ({ is: 'closed', lasted })

function reach(...happenings: Happening[]): Situation {
  return happenings.reduce(next, start)
}

function names(...happenings: Happening[]): string[] {
  let situation = start
  return happenings.map(happening => {
    situation = next(situation, happening)
    return situation.state.name
  })
}

describe('the states of a reflector', () => {
  test('go from nothing over a streamed list to a watch', () => {
    expect(names(started, listed('5'))).toEqual(['streaming', 'watching'])
  })

  test.each([400, 405, 422, 501])(
    'turn to pages where the server answers %i to a streamed list, and stay with them',
    code => {
      expect(names(started, status(code), started, listed('5'), opened)).toEqual([
        'streaming',
        'empty',
        'paging',
        'listed',
        'watching',
      ])
      expect(reach(started, status(code), started, listed('5'), opened, status(410), waited, started).state.name).toBe(
        'paging',
      )
    },
  )

  test('use pages once where a streamed list goes silent or ends before it is complete', () => {
    for (const cut of [silence, closed(60_000)]) {
      expect(names(started, cut, waited, started)).toEqual(['streaming', 'backing-off', 'empty', 'paging'])
      const whole = reach(started, cut, waited, started, listed('5'), opened, status(410), waited, started)
      expect(whole.state.name).toBe('streaming')
    }
  })

  test('stream again after a reset, which says nothing about what the server can do', () => {
    expect(names(started, reset, waited, started)).toEqual(['streaming', 'backing-off', 'empty', 'streaming'])
  })

  test('go on from the last version that was seen, bookmarks included', () => {
    const { state } = reach(started, listed('5'), progressed('9'), reset, waited)
    expect(state).toEqual({ name: 'listed', resourceVersion: '9' })
  })

  test('open a watch that closed in good order again without waiting', () => {
    expect(names(started, listed('5'), closed(400_000))).toEqual(['streaming', 'watching', 'listed'])
  })

  test('wait where a watch closes as soon as it opens, longer each time', () => {
    const once = reach(started, listed('5'), closed(3))
    expect(once).toMatchObject({ state: { name: 'backing-off', afterwards: { resourceVersion: '5' } }, failures: 1 })
    expect([waited, opened, closed(3)].reduce(next, once).failures).toBe(2)
  })

  test('list anew after 410, wherever it is said', () => {
    for (const before of [
      [started, listed('5')],
      [started, listed('5'), reset, waited],
      [started, status(422), started],
    ])
      expect(reach(...before, status(410), waited).state.name).toBe('empty')
  })

  test('ask for one big page where pages expire twice', () => {
    const paging = [started, status(422), started]
    expect(reach(...paging, status(410), waited, started)).toMatchObject({
      state: { name: 'paging' },
      pages: 'limited',
    })
    const twice = reach(...paging, status(410), waited, started, status(410), waited, started)
    expect(twice).toMatchObject({ state: { name: 'paging' }, pages: 'whole' })
    expect(next(twice, listed('7')).pages).toBe('limited')
  })

  test('list anew where the server has fallen behind us, as after a restored backup', () => {
    const tooNew = status(504, { causes: [{ reason: 'ResourceVersionTooLarge' }] })
    expect(reach(started, listed('5'), closed(2_000), tooNew, waited).state.name).toBe('empty')
    expect(reach(started, listed('5'), closed(2_000), status(504), waited).state.name).toBe('listed')
  })

  test('count failures until a watch brings something or lasts', () => {
    const twice = reach(started, reset, waited, started, reset, waited)
    expect(twice.failures).toBe(2)
    const watching = [started, listed('5')].reduce(next, twice)
    expect(watching.failures).toBe(2)
    expect(next(watching, progressed('6')).failures).toBe(0)
    expect(next(watching, closed(20_000)).failures).toBe(0)
    expect(next(watching, closed(2_000)).failures).toBe(2)
  })

  test('name a resource that is not served and look again, with a list', () => {
    expect(names(started, status(404), waited, started, listed('5'), status(404))).toEqual([
      'streaming',
      'not-served',
      'empty',
      'streaming',
      'watching',
      'not-served',
    ])
  })

  test('name a right that is missing, and go on from where they were once it is given', () => {
    expect(reach(started, listed('5'), closed(2_000), status(403))).toMatchObject({
      state: { name: 'forbidden', afterwards: { name: 'listed', resourceVersion: '5' } },
      failures: 1,
    })
    expect(names(started, status(403), waited)).toEqual(['streaming', 'forbidden', 'empty'])
  })

  test('end nowhere but where they are told to', () => {
    const failures: Failure[] = [
      ...[400, 401, 403, 404, 409, 410, 422, 429, 500, 503, 504].map(
        code => ({ kind: 'status', code, reason: '', message: '', details: undefined, retryAfter: undefined }) as const,
      ),
      { kind: 'network', message: '', code: '' },
      { kind: 'timeout', message: '' },
      { kind: 'parse', message: '' },
      { kind: 'access', message: '' },
      { kind: 'cancelled', message: '' },
    ]
    const ways: Happening[][] = [
      [started],
      [started, status(422), started],
      [started, listed('5')],
      [started, listed('5'), closed(2_000)],
    ]
    for (const way of ways)
      for (const failure of failures) {
        const failed = next(reach(...way), { is: 'failed', failure })
        expect(['empty', 'listed']).toContain(
          (failed.state.name === 'empty' ? failed : next(failed, waited)).state.name,
        )
      }
    expect(next(reach({ is: 'stopped' }), started).state.name).toBe('stopped')
  })
})
