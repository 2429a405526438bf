import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findBuilt } from '../../src/controlplane/build.ts'
import type { Batch } from '../../src/controlplane/programs.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tierwall-build-'))
  await writeFile(join(folder, 'go.mod'), 'module example.com/tools\n\nrequire example.com/tool v1.2.3\n')
  await writeFile(join(folder, 'go.sum'), '')
  const go = join(folder, 'go')
  // Writes down where and how it is called, and builds programs that do nothing.
  await writeFile(
    go,
    `#!/bin/sh
[ "$1" = env ] && echo go1.26.3
[ "$1" = build ] || exit 0
echo "$PWD $*" >> '${folder}/asked'
while [ "$1" != -o ]; do shift; done
PATH=/usr/bin:/bin
printf '#!/bin/sh\\n' > "$2"; chmod +x "$2"
`,
  )
  await chmod(go, 0o755)
})
afterEach(() => rm(folder, { recursive: true }))

const build = (more: Partial<Batch> = {}) => {
  const batch: Batch = {
    what: 'the tool',
    folder: 'tools',
    module: folder,
    stamps: goMod => ({ 'example.com/tool.version': `${/v(\S+)/.exec(goMod)?.[1]} from source` }),
    programs: { tool: { from: 'example.com/tool/cmd', takes: 'a moment' } },
    ...more,
  }
  const env = { HOME: folder, PATH: folder, XDG_CACHE_HOME: join(folder, 'cache') }
  return findBuilt(batch, () => undefined, env)
}

describe('programs of another module', () => {
  test('are built in its folder, with what its go.mod says written into them', async () => {
    await build()
    const asked = await readFile(join(folder, 'asked'), 'utf8')
    expect(asked).toContain(`${folder} build -mod=readonly`)
    expect(asked).toContain("-X 'example.com/tool.version=1.2.3 from source'")
  })

  test('are completed before anybody finds them, once', async () => {
    let times = 0
    const complete = async (_: string, at: string) => {
      times++
      await writeFile(join(at, 'beside'), 'more')
      return undefined
    }
    const found = await build({ complete })
    expect(await build({ complete })).toEqual(found)
    expect(times).toBe(1)
    expect('folder' in found && (await readFile(join(found.folder, 'beside'), 'utf8'))).toBe('more')
  })

  test('are built once by those who want them at the same time', async () => {
    const [first, ...others] = await Promise.all([build(), build(), build()])
    expect(others).toEqual([first, first])
    expect((await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n')).toHaveLength(1)
    expect(await readdir(join(folder, 'cache', 'tierwall', 'tools'))).toHaveLength(1)
  })

  test('are not there where they cannot be completed', async () => {
    await expect(build({ complete: async () => 'no space left' })).rejects.toThrow(
      'the tool cannot be completed: no space left',
    )
    expect(await build()).toMatchObject({ folder: expect.stringContaining('tools') })
    expect((await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n')).toHaveLength(2)
  })
})
