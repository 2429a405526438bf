/** Where the control plane's binaries are: as KUBEBUILDER_ASSETS says, else in the cache, else built into it. */
import { join } from 'node:path'
import { buildPrograms, findMissing, type ProgramName, readRecipe } from './build.ts'
import { findGo } from './go.ts'
import { type Tell, tellStderr } from './progress.ts'

export type Binaries = Readonly<Record<ProgramName, string>>

/** `missing` is one line: why there are none here, and what to install. */
export type FoundBinaries = { readonly binaries: Binaries } | { readonly missing: string }

export async function findBinaries(
  tell: Tell = tellStderr,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundBinaries> {
  const assets = env.KUBEBUILDER_ASSETS
  if (assets) return { binaries: await takeAssets(assets) }
  const recipe = await readRecipe(env)
  if ((await findMissing(recipe.folder)).length > 0) {
    const found = await findGo(tell, env)
    if ('missing' in found) return found
    const missing = await buildPrograms(found.go, recipe, tell, env)
    if (missing !== undefined) return { missing }
  }
  return { binaries: binariesIn(recipe.folder) }
}

/** Whoever sets it means it: something else in its place would be a surprise. */
async function takeAssets(folder: string): Promise<Binaries> {
  const missing = await findMissing(folder)
  if (missing.length === 0) return binariesIn(folder)
  throw new Error(
    `KUBEBUILDER_ASSETS is ${folder}, which has no ${missing.join(' and no ')}: put it there, or unset KUBEBUILDER_ASSETS to have all built (setup-envtest brings no kube-controller-manager)`,
  )
}

function binariesIn(folder: string): Binaries {
  return {
    etcd: join(folder, 'etcd'),
    'kube-apiserver': join(folder, 'kube-apiserver'),
    'kube-controller-manager': join(folder, 'kube-controller-manager'),
  }
}
