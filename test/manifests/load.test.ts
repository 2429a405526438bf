import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadManifests } from '../../src/manifests/load.ts'
import { deployment, named, placed } from './cases.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'manifests-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}

async function load(paths: readonly string[], stdin = '') {
  const manifests = await loadManifests(paths, { readStdin: async () => new TextEncoder().encode(stdin) })
  return {
    names: manifests.objects.map(object => named(object).replace('Deployment default/', '')),
    problems: placed(manifests).map(([place, code, text]) => [place.replace(folder, '.'), code, text]),
    locate: manifests.locate,
  }
}

describe('a folder', () => {
  test('is read with all below it: .yaml, .yml and .json', async () => {
    await write('a.yaml', deployment('a'))
    await write('sub/deep/b.yml', deployment('b'))
    await write('c.json', '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"c"},"spec":{}}')
    await write('D.YAML', deployment('d'))
    await write('notes.txt', deployment('e'))
    expect(await load([folder])).toMatchObject({ names: ['a', 'b', 'c', 'd'], problems: [] })
  })

  test('is read without what is hidden and without node_modules', async () => {
    await write('.hidden.yaml', deployment('a'))
    await write('.git/b.yaml', deployment('b'))
    await write('node_modules/c.yaml', deployment('c'))
    expect(await load([folder])).toMatchObject({ names: [], problems: [] })
  })

  test('that links to itself or to its parent is read once', async () => {
    await write('sub/a.yaml', deployment('a'))
    await symlink(folder, join(folder, 'sub/loop'))
    await symlink('..', join(folder, 'sub/parent'))
    await symlink(join(folder, 'sub/a.yaml'), join(folder, 'again.yaml'))
    expect(await load([folder])).toMatchObject({ names: ['a'], problems: [] })
  })

  test('with a link that leads nowhere is a problem where it looks like a manifest', async () => {
    await symlink('nowhere', join(folder, 'gone.yaml'))
    await symlink('nowhere', join(folder, 'gone'))
    expect((await load([folder])).problems).toEqual([
      ['./gone.yaml:1:1', 'file-unreadable', 'there is no such file or folder; check the path'],
    ])
  })

  test('gives its files names that begin as the user wrote it, whatever slashes it ends in', async () => {
    await write('sub/a.yaml', 'a: [')
    expect((await load([`${folder}/sub//`])).problems[0]?.[0]).toBe('./sub/a.yaml:1:5')
  })
})

describe('a file', () => {
  test('that is named is read whatever its name', async () => {
    await write('.hidden', deployment('a'))
    expect(await load([join(folder, '.hidden')])).toMatchObject({ names: ['a'] })
  })

  test('that is named twice, or once more with its folder, is read once', async () => {
    await write('a.yaml', deployment('a'))
    const file = join(folder, 'a.yaml')
    expect(await load([file, file, folder, `${folder}/./a.yaml`])).toMatchObject({ names: ['a'], problems: [] })
  })

  test('that is not there is a problem, and the others are read', async () => {
    await write('a.yaml', deployment('a'))
    expect(await load([join(folder, 'b.yaml'), join(folder, 'a.yaml')])).toMatchObject({
      names: ['a'],
      problems: [['./b.yaml:1:1', 'file-unreadable', 'there is no such file or folder; check the path']],
    })
  })

  test('that lies below a file is a problem', async () => {
    await write('a.yaml', deployment('a'))
    expect((await load([join(folder, 'a.yaml/b.yaml')])).problems).toEqual([
      ['./a.yaml/b.yaml:1:1', 'file-unreadable', 'there is no such file or folder; check the path'],
    ])
  })

  test('with a name that no file can have is a problem', async () => {
    expect((await load(['a\0b'])).problems[0]?.[1]).toBe('file-unreadable')
  })

  test('in UTF-16 is read as kubectl reads it', async () => {
    const little = Buffer.from(`\uFEFF${deployment('a')}`, 'utf16le')
    await write('a.yaml', little)
    await write('b.yaml', Buffer.from(`\uFEFF${deployment('b')}`, 'utf16le').swap16())
    expect(await load([folder])).toMatchObject({ names: ['a', 'b'], problems: [] })
  })

  test('that is no text is a problem at the line of its first bad byte', async () => {
    await write('a.yaml', Buffer.from([0x61, 0x0a, 0x0a, 0xff, 0x62]))
    expect((await load([folder])).problems).toEqual([
      ['./a.yaml:3:1', 'yaml-invalid', 'there are bytes here that are no UTF-8 text; save the file as UTF-8'],
    ])
  })
})

describe('stdin', () => {
  test('is read for -, once', async () => {
    const { names, problems } = await load(['-', '-'], `${deployment('a')}\n---\nb: [`)
    expect(names).toEqual(['a'])
    expect(problems[0]?.[0]).toBe('<stdin>:8:5')
  })

  test('that breaks off is a problem', async () => {
    const readStdin = async () => {
      throw new Error('broken pipe')
    }
    expect(placed(await loadManifests(['-'], { readStdin }))).toEqual([
      ['<stdin>:1:1', 'file-unreadable', 'this cannot be read: broken pipe; check the path'],
    ])
  })
})
