/** Programs of the control plane's module, built from source through the Go module proxy. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, fillFolder } from './cache.ts'
import { isExecutable, moduleFolder } from './go.ts'
import type { Batch } from './programs.ts'
import { type Tell, tellIfSlow } from './progress.ts'
import { onOneLine, run } from './run.ts'

/** Whether a folder has every program; those that it lacks. */
export async function findMissing(folder: string, { programs }: Batch): Promise<readonly string[]> {
  const names = Object.keys(programs)
  const there = await Promise.all(names.map(name => isExecutable(join(folder, name))))
  return names.filter((_, index) => !there[index])
}

interface Recipe {
  /** Named after all that the binaries depend on. */
  readonly folder: string
  readonly flags: readonly string[]
}

export async function readRecipe(batch: Batch, env: NodeJS.ProcessEnv = process.env): Promise<Recipe> {
  const [module = '', sums = ''] = await Promise.all(
    ['go.mod', 'go.sum'].map(name => readFile(join(moduleFolder, name), 'utf8')),
  )
  const flags = ['-mod=readonly', '-trimpath', '-ldflags', linkerFlags(module)]
  const hash = createHash('sha256')
  for (const part of [sums, ...flags, process.platform, process.arch]) hash.update(`${part}\0`)
  return { folder: join(cacheFolder(env), batch.folder, hash.digest('hex').slice(0, 16)), flags }
}

/** Without them the server calls itself v0.0.0, and clients that ask for its version go wrong. */
function linkerFlags(module: string): string {
  const [, version = '', major = '', minor = ''] = /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\S+)/.exec(module) ?? []
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor }
  const set = Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
  return ['-s', '-w', ...set].join(' ')
}

/** Undefined, or in one line why the sources cannot be had. A build that fails with its sources there is a bug and throws. */
export async function buildPrograms(
  go: string,
  batch: Batch,
  { folder, flags }: Recipe,
  tell: Tell,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const { what, programs } = batch
  const { GOOS: _, GOARCH: __, ...kept } = env
  const options = { cwd: moduleFolder, env: { ...kept, CGO_ENABLED: '0', GOWORK: 'off' } }
  const sources = Object.values(programs).map(({ from }) => from)
  const load = () => run(go, ['list', '-mod=readonly', '-deps', '-f', '{{""}}', ...sources], options)
  const loaded = await tellIfSlow(`fetching ${what}'s sources (once)…`, load, tell)
  if ('failed' in loaded) return `${what}'s sources cannot be fetched: ${onOneLine(loaded.failed)}`
  const isWhole = async (at: string) => (await findMissing(at, batch)).length === 0
  await fillFolder(folder, isWhole, async partial => {
    for (const [name, { from, takes }] of Object.entries(programs)) {
      const build = () => run(go, ['build', ...flags, '-o', join(partial, name), from], options)
      const built = await tellIfSlow(`building ${name} (about ${takes}, once)…`, build, tell)
      if ('failed' in built) throw new Error(`${name} cannot be built: ${built.failed}`)
      if ('missing' in built) throw new Error(`${go} has gone`)
    }
  })
  return undefined
}
