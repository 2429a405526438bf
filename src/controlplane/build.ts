/** Programs of a Go module, built from source through the Go module proxy into the cache. */
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder, fillFolder } from './cache.ts'
import { findGo, isExecutable } from './go.ts'
import type { Batch } from './programs.ts'
import { type Tell, tellIfSlow, tellStderr } from './progress.ts'
import { onOneLine, run } from './run.ts'
import { takeTurn } from './turn.ts'

/** `missing` is one line: why there are none here, and what to install. */
export type FoundFolder = { readonly folder: string } | { readonly missing: string }

/** Of the cache, filled first where it has none. */
export async function findBuilt(
  batch: Batch,
  tell: Tell = tellStderr,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundFolder> {
  const recipe = await readRecipe(batch, env)
  const { folder } = recipe
  if (await isWhole(folder, batch)) return { folder }
  await mkdir(dirname(folder), { recursive: true })
  const line = `another process builds ${batch.what}: waiting for it…`
  const missing = await takeTurn({ file: `${folder}.turn`, line, tell }, async () => {
    // Whoever had the turn before may have built them.
    if (await isWhole(folder, batch)) return undefined
    const found = await findGo(batch.what, tell, env)
    return 'missing' in found ? found.missing : buildPrograms(found.go, batch, recipe, tell, env)
  })
  return missing === undefined ? { folder } : { missing }
}

/** The programs that a folder lacks. */
export async function findMissing(folder: string, { programs }: Batch): Promise<readonly string[]> {
  const names = Object.keys(programs)
  const there = await Promise.all(names.map(name => isExecutable(join(folder, name))))
  return names.filter((_, index) => !there[index])
}

async function isWhole(folder: string, batch: Batch): Promise<boolean> {
  return (await findMissing(folder, batch)).length === 0
}

interface Recipe {
  /** Named after all that the binaries depend on. */
  readonly folder: string
  readonly flags: readonly string[]
}

async function readRecipe(batch: Batch, env: NodeJS.ProcessEnv): Promise<Recipe> {
  const [module = '', sums = ''] = await Promise.all(
    ['go.mod', 'go.sum'].map(name => readFile(join(batch.module, name), 'utf8')),
  )
  const flags = ['-mod=readonly', '-trimpath', '-ldflags', writeLinkerFlags(batch.stamps(module))]
  const hash = createHash('sha256')
  for (const part of [sums, ...flags, process.platform, process.arch]) hash.update(`${part}\0`)
  return { folder: join(cacheFolder(env), batch.folder, hash.digest('hex').slice(0, 16)), flags }
}

/** Quoted, as the linker takes values with spaces. */
function writeLinkerFlags(stamps: Readonly<Record<string, string>>): string {
  const set = Object.entries(stamps).map(
    ([name, value]) => `-X ${value.includes(' ') ? `'${name}=${value}'` : `${name}=${value}`}`,
  )
  return ['-s', '-w', ...set].join(' ')
}

/** Undefined, or in one line why the sources cannot be had. A build that fails with its sources there is a bug and throws. */
async function buildPrograms(
  go: string,
  batch: Batch,
  { folder, flags }: Recipe,
  tell: Tell,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { what, module, programs, complete } = batch
  const { GOOS: _, GOARCH: __, ...kept } = env
  const options = { cwd: module, env: { ...kept, CGO_ENABLED: '0', GOWORK: 'off' } }
  const sources = Object.values(programs).map(({ from }) => from)
  const load = () => run(go, ['list', '-mod=readonly', '-deps', '-f', '{{""}}', ...sources], options)
  const loaded = await tellIfSlow(`fetching ${what}'s sources (once)…`, load, tell)
  if ('failed' in loaded) return `${what}'s sources cannot be fetched: ${onOneLine(loaded.failed)}`
  const isComplete = (at: string) => isWhole(at, batch)
  await fillFolder(folder, isComplete, async partial => {
    for (const [name, { from, takes }] of Object.entries(programs)) {
      const build = () => run(go, ['build', ...flags, '-o', join(partial, name), from], options)
      const built = await tellIfSlow(`building ${name} (about ${takes}, once)…`, build, tell)
      if ('failed' in built) throw new Error(`${name} cannot be built: ${built.failed}`)
      if ('missing' in built) throw new Error(`${go} has gone`)
    }
    const failed = await complete?.(go, partial)
    if (failed !== undefined) throw new Error(`${what} cannot be completed: ${failed}`)
  })
  return undefined
}
