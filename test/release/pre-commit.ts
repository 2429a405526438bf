/** The real pre-commit, from PyPI into the cache: https://pre-commit.com. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, fillFolder } from '../../src/controlplane/cache.ts'
import { tellIfSlow, tellStderr } from '../../src/controlplane/progress.ts'
import { onOneLine, run } from '../../src/controlplane/run.ts'
import { needed } from '../needed.ts'
import { type Outcome, runProgram, type Settings } from '../program.ts'

export type PreCommit = (words: readonly string[], settings: Settings) => Promise<Outcome>

const requirements = join(import.meta.dirname, 'requirements.txt')

export async function needPreCommit(skip: (note: string) => never): Promise<PreCommit> {
  const { folder } = needed(await findPreCommit(), skip)
  return (words, settings) => {
    const env = { ...settings.env, PYTHONPATH: folder }
    return runProgram('python3', ['-m', 'pre_commit', ...words], { ...settings, env })
  }
}

/** Not a virtual environment, since that does not work in another place than where it was made. */
async function findPreCommit(): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const python = await run('python3', ['-c', 'import sys; print(sys.version_info[:2])'])
  if (!('stdout' in python)) return { missing: 'pre-commit needs python3, which is missing' }
  const hash = createHash('sha256').update(readFileSync(requirements)).update(python.stdout).digest('hex')
  const folder = join(cacheFolder(), 'pre-commit', hash.slice(0, 16))
  const isWhole = async (at: string) => existsSync(join(at, 'pre_commit', '__main__.py'))
  let failed: string | undefined
  const install = () =>
    fillFolder(folder, isWhole, async partial => {
      const words = ['install', '--quiet', '--disable-pip-version-check', '--target', partial, '-r', requirements]
      const ran = await run('python3', ['-m', 'pip', ...words])
      if (!('stdout' in ran)) failed = 'failed' in ran ? onOneLine(ran.failed) : 'python3 has gone'
    })
  if (!(await isWhole(folder))) await tellIfSlow('fetching pre-commit (once)…', install, tellStderr)
  return failed === undefined ? { folder } : { missing: `pre-commit cannot be installed: ${failed}` }
}
