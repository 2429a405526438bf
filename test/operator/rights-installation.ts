/** Tierwall installed on a control plane of its own as `config/` says, and the operator with the rights that it has there. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, inject, vi } from 'vitest'
import { findKubectl } from '../../src/controlplane/binaries.ts'
import { type ControlPlane, startControlPlane } from '../../src/controlplane/index.ts'
import { needKubectl, outputOf } from '../install/kubectl.ts'
import { root } from '../install/objects.ts'
import { admit } from '../needed.ts'
import { type Audit, followAudit } from './audit.ts'
import { type Cluster, connectCluster, eventually, pathOf } from './cluster.ts'
import { namespace } from './objects.ts'
import { type OperatorProcess, runOperator, shortLease } from './operator.ts'

export interface Installation {
  readonly plane: ControlPlane
  readonly cluster: Cluster
  readonly audit: Audit
  /** As its ServiceAccount, with no right but those of the installation. */
  readonly run: (flags?: readonly string[]) => Promise<OperatorProcess>
}

export interface InstallationOptions {
  /** Folders that are applied one after the other. */
  readonly overlays: readonly string[]
  /** That are there before. */
  readonly namespaces: readonly string[]
  readonly serverFlags?: readonly string[]
}

const account = { namespace: 'tierwall-system', name: 'tierwall-operator' }

/** `begin` runs before the first test of the block. */
export function withInstallation(
  options: InstallationOptions,
  begin: (installed: Installation) => Promise<void>,
): void {
  const given = inject('controlPlane')
  let missing = 'missing' in given ? given.missing : undefined
  let plane: ControlPlane | undefined
  beforeEach(({ skip }) => {
    if (missing !== undefined) skip(missing)
  })
  beforeAll(async () => {
    if ('broken' in given) throw new Error(given.broken)
    const found = admit(await findKubectl())
    if ('missing' in found) missing ??= found.missing
    if (missing !== undefined) return
    // As the Deployment of the installation says it.
    vi.stubEnv('POD_NAMESPACE', account.namespace)
    plane = await startControlPlane({ audit: true, serverFlags: options.serverFlags ?? [] })
    await begin(await install(plane, options))
  }, 180_000)
  afterAll(async () => {
    vi.unstubAllEnvs()
    await plane?.stop()
  })
}

async function install(plane: ControlPlane, { overlays, namespaces }: InstallationOptions): Promise<Installation> {
  const cluster = connectCluster(plane)
  await cluster.apply(...namespaces.map(name => namespace(name)))
  const kubectl = await needKubectl(fail, plane.access.kubeconfigFile)
  for (const overlay of overlays) await outputOf(kubectl('apply', '-k', join(root, overlay)))
  await eventually(async () => {
    expect(await plane.request('GET', pathOf('AppTier'))).toMatchObject({ status: 200 })
  })
  const kubeconfig = join(plane.access.dataDir, 'operator.kubeconfig')
  await writeFile(kubeconfig, plane.kubeconfigFor({ token: await plane.tokenFor(account) }), { mode: 0o600 })
  return {
    plane,
    cluster,
    audit: followAudit(plane),
    run: async (flags = []) => {
      const operator = runOperator(kubeconfig, [...shortLease, ...flags])
      await operator.ready()
      return operator
    },
  }
}

function fail(note: string): never {
  throw new Error(note)
}
