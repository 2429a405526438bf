/** Where built and fetched files are kept between runs, outside of the checkout; each folder is there complete or not at all. */
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join } from 'node:path'

export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const home = env.HOME || homedir()
  const usual = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')
  const given = env.XDG_CACHE_HOME ?? ''
  return join(isAbsolute(given) ? given : usual, 'tierwall')
}

/**
 * Fills a folder beside its place and renames it when it is whole, so that nobody meets half of it: not when two fill it
 * at once, where the first counts, and not when one is interrupted.
 */
export async function fillFolder(
  folder: string,
  isWhole: (folder: string) => Promise<boolean>,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await removeAbandoned(folder)
  const partial = await mkdtemp(partialsOf(folder))
  try {
    await fill(partial)
    if (!(await isWhole(partial)) || (await isWhole(folder))) return
    await moveTo(folder, partial).catch(async error => {
      if (!(await isWhole(folder))) throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

/** What is there and not whole was damaged by hand. */
async function moveTo(folder: string, partial: string): Promise<void> {
  const damaged = join(partial, 'damaged')
  await rename(folder, damaged).catch(() => undefined)
  await rename(partial, folder)
  await rm(join(folder, 'damaged'), { recursive: true, force: true })
}

const partialsOf = (folder: string) => `${folder}.partial-`

/** No build takes a day. */
const longest = 24 * 60 * 60 * 1000

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(basename(partialsOf(folder)))) continue
    const path = join(dirname(folder), name)
    const changed = await stat(path).catch(() => undefined)
    if (changed && Date.now() - changed.mtimeMs > longest) await rm(path, { recursive: true, force: true })
  }
}
