/** Cilium as it is released, built like the control plane, with what the agent compiles and the definitions that it asks for. */
import { join } from 'node:path'
import type { Batch } from '../../../src/controlplane/programs.ts'
import { run } from '../../../src/controlplane/run.ts'

const module = 'github.com/cilium/cilium'

const beside = { bpf: 'bpf', crds: 'pkg/k8s/apis/cilium.io/client/crds' }

export const ciliumBatch: Batch = {
  what: 'Cilium',
  folder: 'cilium',
  module: import.meta.dirname,
  stamps: goMod => ({
    [`${module}/pkg/version.ciliumVersion`]: `${readVersion(goMod)} source 1970-01-01T00:00:00+00:00`,
  }),
  programs: {
    'cilium-agent': { from: `${module}/daemon`, takes: '4 minutes' },
    'cilium-cni': { from: `${module}/plugins/cilium-cni`, takes: '10 seconds' },
    'cilium-dbg': { from: `${module}/cilium-dbg`, takes: '15 seconds' },
  },
  complete: copySources,
}

function readVersion(goMod: string): string {
  const [, version] = /github\.com\/cilium\/cilium v(\S+)/.exec(goMod) ?? []
  if (version === undefined) throw new Error('go.mod does not say which Cilium')
  return version
}

async function copySources(go: string, folder: string): Promise<string | undefined> {
  const found = await run(go, ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', module], { cwd: import.meta.dirname })
  if (!('stdout' in found)) return 'failed' in found ? found.failed : `${go} has gone`
  for (const [name, from] of Object.entries(beside)) {
    // The module cache is read-only, and a copy of that could not be removed.
    const source = join(found.stdout.trim(), from)
    const copied = await run('cp', ['-r', '--no-preserve=mode', source, join(folder, name)])
    if (!('stdout' in copied)) return 'failed' in copied ? copied.failed : 'cp is missing'
  }
  return undefined
}
