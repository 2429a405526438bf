/** The foreign programs of these tests, built from source as the control plane is. */
import { join } from 'node:path'
import { type FoundFolder, findBuilt } from '../../src/controlplane/build.ts'
import type { Batch } from '../../src/controlplane/programs.ts'
import { run } from '../../src/controlplane/run.ts'
import { admit } from '../needed.ts'

const controller = 'github.com/fluxcd/kustomize-controller'
const definition = 'config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml'

/** The part of Flux that applies what is in Git, with the definition of its Kustomization beside it. */
export const flux: Batch = {
  what: 'Flux',
  folder: 'flux',
  module: join(import.meta.dirname, 'flux'),
  stamps: () => ({}),
  programs: { 'kustomize-controller': { from: controller, takes: '6 minutes' } },
  complete: copyDefinition,
}

/** The Lua that Argo CD runs health checks in. */
export const lua: Batch = {
  what: 'Lua',
  folder: 'lua',
  module: join(import.meta.dirname, 'lua'),
  stamps: () => ({}),
  programs: { glua: { from: 'github.com/yuin/gopher-lua/cmd/glua', takes: '10 seconds' } },
}

async function copyDefinition(go: string, folder: string): Promise<string | undefined> {
  const found = await run(go, ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', controller], { cwd: flux.module })
  if (!('stdout' in found)) return 'failed' in found ? found.failed : `${go} has gone`
  // The module cache is read-only, and a copy of that could not be removed.
  const source = join(found.stdout.trim(), definition)
  const copied = await run('cp', ['--no-preserve=mode', source, join(folder, 'kustomizations.yaml')])
  if ('stdout' in copied) return undefined
  return 'failed' in copied ? copied.failed : 'cp is missing'
}

export async function findProgram(batch: Batch): Promise<FoundFolder> {
  return admit(await findBuilt(batch))
}
