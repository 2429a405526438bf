import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { installPackages } from '../../scripts/machine/packages.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tierwall-packages-'))
  await mkdir(join(folder, 'bin'))
})
afterEach(() => rm(folder, { recursive: true }))

async function program(name: string, script = ''): Promise<void> {
  const file = join(folder, 'bin', name)
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}

/** An apt-get that writes down how it is called, and then does what the test says. */
const installer = (script: string) => program('apt-get', `echo "$DEBIAN_FRONTEND $*" >> '${folder}/asked'\n${script}`)
const asked = async () => (await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n')

const install = () => {
  const packageOf = { saw: 'tools', plane: 'tools', [join(folder, 'bin', 'vice')]: 'bench' }
  return installPackages(packageOf, () => undefined, { PATH: join(folder, 'bin') })
}

describe('packages are installed', () => {
  test('not at all where every program is there', async () => {
    for (const name of ['saw', 'plane', 'vice']) await program(name)
    expect(await install()).toEqual({ all: true })
  })

  test('each once, and only those of programs that are missing, found by name or by file', async () => {
    await program('vice')
    await installer(`[ "$1" = update ] || : > '${folder}/bin/saw' > '${folder}/bin/plane'`)
    expect(await install()).toEqual({ all: true })
    expect(await asked()).toEqual([
      'noninteractive update --quiet=2',
      'noninteractive install --yes --quiet=2 --no-install-recommends tools',
    ])
  })

  test('also where the list of packages could not be updated', async () => {
    await program('plane')
    await program('vice')
    await installer(`[ "$1" = install ] && : > '${folder}/bin/saw'`)
    expect(await install()).toEqual({ all: true })
  })
})

describe('one line says', () => {
  test('that there is no apt-get', async () => {
    expect(await install()).toEqual({ noInstaller: true, packages: 'tools, bench' })
  })

  test('why they cannot be installed', async () => {
    await installer('echo no such package >&2; echo sorry >&2; exit 100')
    expect(await install()).toEqual({ lacking: 'tools, bench cannot be installed: no such package; sorry' })
  })

  test('what they did not bring', async () => {
    await installer(`: > '${folder}/bin/saw' > '${folder}/bin/vice'`)
    expect(await install()).toEqual({ lacking: 'there is still no plane' })
  })
})
