import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Turn, takeTurn } from '../../src/controlplane/turn.ts'

let folder = ''
let lines: string[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tierwall-turn-'))
  lines = []
})
afterEach(() => rm(folder, { recursive: true }))

const turn = (timing: Partial<Turn['timing']> = {}): Turn => ({
  file: join(folder, 'turn'),
  line: 'another process is at it',
  tell: line => lines.push(line),
  timing: { patience: 30_000, beat: 20, silence: 10_000, ...timing },
})
const build = async () => 'built'

/** No process has a number as high as this. */
const nobody = '2147483646'
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000)

test('of several, one works at a time, and nothing is left behind', async () => {
  let atWork = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++atWork)
    await sleep(20)
    atWork--
  }
  await Promise.all([1, 2, 3].map(() => takeTurn(turn(), work)))
  expect(most).toBe(1)
  expect(await readdir(folder)).toEqual([])
})

test('a failure gives the turn back', async () => {
  await expect(takeTurn(turn(), () => Promise.reject(new Error('no compiler')))).rejects.toThrow('no compiler')
  expect(await takeTurn(turn(), build)).toBe('built')
})

test('a folder that is not there is a failure at once, not a turn to wait for', async () => {
  await expect(takeTurn({ ...turn(), file: join(folder, 'none', 'turn') }, build)).rejects.toThrow('ENOENT')
})

describe('whoever waits', () => {
  test('takes the turn of one who was killed', async () => {
    await writeFile(turn().file, nobody)
    expect(await takeTurn(turn(), build)).toBe('built')
    expect(lines).toEqual([])
  })

  test('takes the turn of one who has long said nothing, though another process has its number now', async () => {
    await writeFile(turn().file, String(process.pid))
    await utimes(turn().file, secondsAgo(20), secondsAgo(20))
    expect(await takeTurn(turn(), build)).toBe('built')
  })

  test('leaves it to one who works for longer than silence is borne', async () => {
    let done = false
    const begun = Promise.withResolvers<void>()
    const first = takeTurn(turn({ silence: 400 }), async () => {
      begun.resolve()
      await sleep(1_000)
      done = true
    })
    await begun.promise
    expect(await takeTurn(turn({ silence: 400 }), async () => done)).toBe(true)
    await first
  })

  test('is told what for when it takes long', async () => {
    const begun = Promise.withResolvers<void>()
    const first = takeTurn(turn(), () => {
      begun.resolve()
      return sleep(2_500)
    })
    await begun.promise
    await takeTurn(turn(), build)
    await first
    expect(lines).toEqual(['another process is at it'])
  })

  test('goes ahead when it took too long, and leaves the turn to whoever has it', async () => {
    await writeFile(turn().file, String(process.pid))
    expect(await takeTurn(turn({ patience: 50 }), build)).toBe('built')
    expect(await readdir(folder)).toEqual(['turn'])
  })
})
