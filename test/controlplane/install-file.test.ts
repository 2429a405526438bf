import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect } from 'vitest'
import { startControlPlane } from '../../src/controlplane/index.ts'
import { needKubectl, outputOf } from '../install/kubectl.ts'
import { nameOf, readObjects, root } from '../install/objects.ts'
import { test as base } from './plane.ts'

const test = base.extend<{ readonly file: string }>({
  file: async ({ skip }, use) => {
    await needKubectl(skip)
    const folder = await mkdtemp(join(tmpdir(), 'tierwall-install-'))
    const file = join(folder, 'install.yaml')
    await promisify(execFile)(process.execPath, [join(root, 'scripts/install-yaml.ts'), file])
    await use(file)
    await rm(folder, { recursive: true })
  },
})

describe('install.yaml', () => {
  test('has the objects of config/default, all with the place they belong to', async ({ file, skip }) => {
    const kubectl = await needKubectl(skip)
    const built = readObjects(await outputOf(kubectl('kustomize', join(root, 'config/default'))))
    expect(readObjects(await readFile(file, 'utf8'))).toEqual(built)
    expect(built.map(nameOf)).toContain('Deployment tierwall-system/tierwall-operator')
  })

  test('is applied to an empty cluster at once, and again without a change', async ({ file, skip, plane: _ }) => {
    await using own = await startOwn()
    const kubectl = await needKubectl(skip, own.plane.access.kubeconfigFile)
    const said = await outputOf(kubectl('apply', '-f', file))
    const objects = readObjects(await readFile(file, 'utf8'))
    expect(said.match(/^\S+ created$/gm)).toHaveLength(objects.length)
    const states = async () => outputOf(kubectl('get', '-f', file, '-o', generations))
    const before = await states()
    const again = await outputOf(kubectl('apply', '-f', file))
    // Of these kubectl may say so all the same: it replaces a selector or a list of rules as a whole.
    const replaced = /^\S+ unchanged$|^(poddisruptionbudget|validatingadmissionpolicy)\.\S+ configured$/gm
    expect(again.trim().split('\n')).toEqual(again.match(replaced))
    expect(await states()).toEqual(before)
  })
})

const generations =
  'jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.uid} {.metadata.generation}{"\\n"}{end}'

async function startOwn() {
  const plane = await startControlPlane()
  return { plane, [Symbol.asyncDispose]: () => plane.stop() }
}
