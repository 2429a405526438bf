import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { findBinaries, findKubectl } from '../../src/controlplane/binaries.ts'
import { needKubectl, outputOf } from '../install/kubectl.ts'
import { test } from './plane.ts'

const version = z.object({ gitVersion: z.string() })

test('kubectl is of the same version as the API server', async ({ plane, skip }) => {
  const kubectl = await needKubectl(skip, plane.access.kubeconfigFile)
  const { clientVersion, serverVersion } = z
    .object({ clientVersion: version, serverVersion: version })
    .parse(JSON.parse(await outputOf(kubectl('version', '-o', 'json'))))
  expect(clientVersion.gitVersion).toMatch(/^v1\.\d+\.\d+$/)
  expect(clientVersion).toEqual(serverVersion)
})

async function makeAssets(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tierwall-assets-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

test('kubectl is that of KUBEBUILDER_ASSETS where it is set, which need not have a control plane', async () => {
  const folder = await makeAssets()
  const env = { HOME: folder, PATH: folder, KUBEBUILDER_ASSETS: folder }
  const refused = `KUBEBUILDER_ASSETS is ${folder}, which has no kubectl: put it there, or unset KUBEBUILDER_ASSETS to have all built`
  await expect(findKubectl(() => {}, env)).rejects.toThrow(new Error(refused))
  await writeFile(join(folder, 'kubectl'), '#!/bin/sh\n')
  await chmod(join(folder, 'kubectl'), 0o755)
  expect(await findKubectl(() => {}, env)).toEqual({ kubectl: join(folder, 'kubectl') })
  await expect(findBinaries(() => {}, env)).rejects.toThrow('has no etcd')
})

test('without Go there is no kubectl, and one line says what to install', async () => {
  const folder = await makeAssets()
  expect(await findKubectl(() => {}, { HOME: folder, PATH: folder })).toEqual({
    missing: expect.stringMatching(
      /^kubectl cannot be built: Go is missing, and python3 is missing; install Go 1\.\d+/,
    ),
  })
})
