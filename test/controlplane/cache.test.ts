import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheFolder, fillFolder } from '../../src/controlplane/cache.ts'

describe('the cache is', () => {
  test('where XDG_CACHE_HOME says', () => {
    expect(cacheFolder({ HOME: '/home/ada', XDG_CACHE_HOME: '/var/ada' }, 'linux')).toBe('/var/ada/tierwall')
  })

  test('in .cache where it says nothing, or no absolute path', () => {
    expect(cacheFolder({ HOME: '/home/ada' }, 'linux')).toBe('/home/ada/.cache/tierwall')
    expect(cacheFolder({ HOME: '/home/ada', XDG_CACHE_HOME: 'cache' }, 'linux')).toBe('/home/ada/.cache/tierwall')
  })

  test('in Library/Caches on macOS', () => {
    expect(cacheFolder({ HOME: '/Users/ada' }, 'darwin')).toBe('/Users/ada/Library/Caches/tierwall')
  })
})

describe('a folder of the cache', () => {
  let cache = ''
  let folder = ''
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'tierwall-cache-'))
    folder = join(cache, 'built', 'abc')
  })
  afterEach(() => rm(cache, { recursive: true }))

  const isWhole = async (at: string) => (await readdir(at).catch((): string[] => [])).includes('last')
  const fillWith = (text: string, meanwhile?: () => Promise<void>) => async (at: string) => {
    await writeFile(join(at, 'first'), text)
    await meanwhile?.()
    await writeFile(join(at, 'last'), text)
  }
  const contents = async () => {
    const names = await readdir(folder)
    return Promise.all(names.sort().map(async name => `${name}: ${await readFile(join(folder, name), 'utf8')}`))
  }

  test('is there when it is whole, and nothing else', async () => {
    await fillFolder(
      folder,
      isWhole,
      fillWith('a', async () => expect(await isWhole(folder)).toBe(false)),
    )
    expect(await contents()).toEqual(['first: a', 'last: a'])
    expect(await readdir(join(cache, 'built'))).toEqual(['abc'])
  })

  test('is the first of two that are filled at once, and of one kind only', async () => {
    const slow = fillFolder(
      folder,
      isWhole,
      fillWith('slow', () => fillFolder(folder, isWhole, fillWith('quick'))),
    )
    await slow
    expect(await contents()).toEqual(['first: quick', 'last: quick'])
    await Promise.all(['a', 'b', 'c'].map(text => fillFolder(folder, isWhole, fillWith(text))))
    expect(await contents()).toEqual(['first: quick', 'last: quick'])
  })

  test('is not there when filling it fails or gives up half-way', async () => {
    const failing = fillWith('a', () => Promise.reject(new Error('no space')))
    await expect(fillFolder(folder, isWhole, failing)).rejects.toThrow('no space')
    await fillFolder(folder, isWhole, at => writeFile(join(at, 'first'), 'a'))
    expect(await readdir(join(cache, 'built'))).toEqual([])
  })

  test('is made anew where somebody took a part of it away', async () => {
    await fillFolder(folder, isWhole, fillWith('old'))
    await rm(join(folder, 'last'))
    await fillFolder(folder, isWhole, fillWith('new'))
    expect(await contents()).toEqual(['first: new', 'last: new'])
    expect(await readdir(join(cache, 'built'))).toEqual(['abc'])
  })

  test('is not kept waiting by what an interrupted build left, which goes after a day', async () => {
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000)
    for (const name of ['old', 'new']) await mkdir(`${folder}.partial-${name}`, { recursive: true })
    await utimes(`${folder}.partial-old`, yesterday, yesterday)
    await fillFolder(folder, isWhole, fillWith('a'))
    expect((await readdir(join(cache, 'built'))).sort()).toEqual(['abc', 'abc.partial-new'])
  })
})
