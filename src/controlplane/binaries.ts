/** Where the control plane's binaries are: as KUBEBUILDER_ASSETS says, else in the cache, else built into it. */
import { join } from 'node:path'
import { type FoundFolder, findBuilt, findMissing } from './build.ts'
import { type Batch, kubectlBatch, type ServerName, serverBatch } from './programs.ts'
import { type Tell, tellStderr } from './progress.ts'

export type Binaries = Readonly<Record<ServerName, string>>

/** `missing` is one line: why there are none here, and what to install. */
export type FoundBinaries = { readonly binaries: Binaries } | { readonly missing: string }

export async function findBinaries(
  tell: Tell = tellStderr,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundBinaries> {
  const found = await findBatch(serverBatch, tell, env)
  return 'missing' in found ? found : { binaries: binariesIn(found.folder) }
}

export type FoundKubectl = { readonly kubectl: string } | { readonly missing: string }

/** Of the control plane's own version. */
export async function findKubectl(
  tell: Tell = tellStderr,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundKubectl> {
  const found = await findBatch(kubectlBatch, tell, env)
  return 'missing' in found ? found : { kubectl: join(found.folder, 'kubectl') }
}

async function findBatch(batch: Batch, tell: Tell, env: NodeJS.ProcessEnv): Promise<FoundFolder> {
  const assets = env.KUBEBUILDER_ASSETS
  return assets ? { folder: await checkAssets(assets, batch) } : findBuilt(batch, tell, env)
}

/** Whoever sets it means it: something else in its place would be a surprise. */
async function checkAssets(folder: string, batch: Batch): Promise<string> {
  const missing = await findMissing(folder, batch)
  if (missing.length === 0) return folder
  const hint = missing.includes('kube-controller-manager') ? ' (setup-envtest brings no kube-controller-manager)' : ''
  throw new Error(
    `KUBEBUILDER_ASSETS is ${folder}, which has no ${missing.join(' and no ')}: put it there, or unset KUBEBUILDER_ASSETS to have all built${hint}`,
  )
}

function binariesIn(folder: string): Binaries {
  return {
    etcd: join(folder, 'etcd'),
    'kube-apiserver': join(folder, 'kube-apiserver'),
    'kube-controller-manager': join(folder, 'kube-controller-manager'),
  }
}
