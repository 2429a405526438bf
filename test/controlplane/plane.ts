/** The test function of tests that need a control plane: `plane` is shared, `startPlane` starts one of the test's own. */
import { randomBytes } from 'node:crypto'
import { test as base, inject } from 'vitest'
import { type Access, type Client, connect } from '../../src/controlplane/client.ts'
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../../src/controlplane/index.ts'
import type { Given } from './setup.ts'

export interface SharedPlane extends Client {
  readonly access: Access
  /** For one test alone; it goes with the control plane. */
  makeNamespace(labels?: Readonly<Record<string, string>>): Promise<string>
}

interface Fixtures {
  readonly plane: SharedPlane
  readonly startPlane: (options?: ControlPlaneOptions) => Promise<ControlPlane>
}

type Skip = (note: string) => never

/** One client for all tests of a file. */
let shared: SharedPlane | undefined

export const test = base.extend<Fixtures>({
  plane: async ({ skip }, use) => {
    shared ??= share(needAccess(skip))
    await use(shared)
  },
  startPlane: async ({ skip }, use) => {
    needAccess(skip)
    const started: ControlPlane[] = []
    await use(async options => {
      const plane = await startControlPlane(options)
      started.push(plane)
      return plane
    })
    await Promise.all(started.map(plane => plane.stop()))
  },
})

function needAccess(skip: Skip): Access {
  const given: Given = inject('controlPlane')
  if ('broken' in given) throw new Error(given.broken)
  return 'missing' in given ? skip(given.missing) : given.access
}

function share(access: Access): SharedPlane {
  const client = connect(access)
  return {
    ...client,
    access,
    async makeNamespace(labels = {}) {
      const name = `test-${randomBytes(5).toString('hex')}`
      const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
      const { status } = await client.request('POST', '/api/v1/namespaces', { body })
      if (status !== 201) throw new Error(`the namespace ${name} is refused with status ${status}`)
      return name
    },
  }
}
