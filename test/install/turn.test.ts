import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeTurn } from './turn.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tierwall-turn-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('of several, one works at a time, and nothing is left behind', async () => {
  const file = join(folder, 'turn')
  let atWork = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++atWork)
    await sleep(20)
    atWork--
  }
  await Promise.all([1, 2, 3].map(() => takeTurn(file, work)))
  expect(most).toBe(1)
  expect(await readdir(folder)).toEqual([])
})

test('a failure gives the turn back', async () => {
  const file = join(folder, 'turn')
  await expect(takeTurn(file, () => Promise.reject(new Error('no compiler')))).rejects.toThrow('no compiler')
  expect(await takeTurn(file, async () => 'built')).toBe('built')
})

test('a turn of somebody who was killed is over', async () => {
  const file = join(folder, 'turn')
  // No process has a number as high as this.
  await writeFile(file, '2147483646')
  expect(await takeTurn(file, async () => 'built')).toBe('built')
})
