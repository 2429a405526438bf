/** The test function of tests of an installation: `installed` is a control plane of the file's own, with an overlay applied. */
import { join } from 'node:path'
import { afterAll, test as base, inject } from 'vitest'
import { type ControlPlane, startControlPlane } from '../../src/controlplane/index.ts'
import type { Outcome } from '../program.ts'
import { type Kubectl, needKubectl, outputOf } from './kubectl.ts'
import { root } from './objects.ts'

export interface Installed {
  readonly plane: ControlPlane
  readonly kubectl: Kubectl
  readonly folder: string
  /** What kubectl said when it was applied. */
  readonly said: Outcome
}

/** The namespaces are those that an installation expects to be there. */
export function testsOf(overlay: string, namespaces: readonly string[] = []) {
  let installing: Promise<Installed> | undefined
  afterAll(() =>
    installing?.then(
      ({ plane }) => plane.stop(),
      () => undefined,
    ),
  )
  return base.extend<{ readonly installed: Installed }>({
    installed: async ({ skip }, use) => {
      const given = inject('controlPlane')
      if ('broken' in given) throw new Error(given.broken)
      if ('missing' in given) skip(given.missing)
      await needKubectl(skip)
      installing ??= install(join(root, overlay), namespaces, skip)
      await use(await installing)
    },
  })
}

async function install(
  folder: string,
  namespaces: readonly string[],
  skip: (note: string) => never,
): Promise<Installed> {
  const plane = await startControlPlane()
  try {
    const kubectl = await needKubectl(skip, plane.access.kubeconfigFile)
    for (const name of namespaces) await outputOf(kubectl('create', 'namespace', name))
    const said = await kubectl('apply', '-k', folder)
    if (said.code !== 0) throw new Error(`${folder} cannot be applied: ${said.stderr}`)
    return { plane, kubectl, folder, said }
  } catch (error) {
    await plane.stop()
    throw error
  }
}
