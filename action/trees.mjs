/** The tree of the change and that of its base, each as a folder to read manifests from. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)
const limits = { maxBuffer: 256 * 2 ** 20, timeout: 10 * 60_000 }

/** @returns the commit, the folder, or in one sentence why there is none. */
export async function checkOutBase({ workspace, temp, base, head }) {
  if (base === undefined) return { missing: 'this event has no base to compare with' }
  const git = (args, env = {}) => exec('git', args, { ...limits, cwd: workspace, env: { ...process.env, ...env } })
  try {
    const commit = (await findMergedInto(git, head)) ?? base
    if (!(await has(git, commit))) await git(['fetch', '--quiet', '--no-tags', '--depth=1', 'origin', commit])
    const folder = await mkdtemp(join(temp, 'tierwall-base-'))
    // Not `git archive`: a .gitattributes could leave files out.
    const index = { GIT_INDEX_FILE: join(folder, 'index') }
    await git(['read-tree', commit], index)
    await git(['checkout-index', '--all', `--prefix=${join(folder, 'tree')}/`], index)
    await mkdir(join(folder, 'tree'), { recursive: true })
    return { commit, folder: join(folder, 'tree') }
  } catch (error) {
    return { missing: `the base cannot be read: ${lastLine(error)}` }
  }
}

/** GitHub checks out what the merge would be, whose first parent is the base as it is now. */
async function findMergedInto(git, head) {
  const { stdout } = await git(['cat-file', 'commit', 'HEAD'])
  const [first, second] = [...stdout.split('\n\n')[0].matchAll(/^parent (\S+)$/gm)].map(([, parent]) => parent)
  return second !== undefined && second === head ? first : undefined
}

const has = (git, commit) =>
  git(['cat-file', '-e', `${commit}^{tree}`]).then(
    () => true,
    () => false,
  )

/** What Tierwall is to read: the paths themselves, or the one file that the build printed. */
export async function findManifests(tree, { paths, build, temp }) {
  if (build === undefined) return { paths }
  try {
    const { stdout } = await exec('sh', ['-c', build], { ...limits, cwd: tree })
    const folder = await mkdtemp(join(temp, 'tierwall-built-'))
    await writeFile(join(folder, 'manifests.yaml'), stdout)
    return { paths: [join(folder, 'manifests.yaml')] }
  } catch (error) {
    return { failed: lastLine(error) }
  }
}

/** Those of the base: what was not there yet counts as empty. */
export async function findManifestsOfBase(tree, settings) {
  const found = await findManifests(tree, settings)
  if ('failed' in found)
    return {
      paths: [await emptyFolder(settings.temp)],
      note: `the base could not be built, so it counts as empty: ${found.failed}`,
    }
  if (settings.build !== undefined) return found
  const there = found.paths.map(path => join(tree, path)).filter(path => existsSync(path))
  return { paths: there.length > 0 ? there : [await emptyFolder(settings.temp)] }
}

const emptyFolder = temp => mkdtemp(join(temp, 'tierwall-nothing-'))

function lastLine({ stderr = '', message }) {
  return (String(stderr).trim() || message).split('\n').at(-1)
}
