/** The base image's files as one tar archive, made of Debian packages and the Node.js of node_modules; kept in the cache. */
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, fillFolder } from '../../../src/controlplane/cache.ts'
import { type Tell, tellIfSlow } from '../../../src/controlplane/progress.ts'
import { onOneLine, type Ran, run } from '../../../src/controlplane/run.ts'
import { fillRoot, type NodeFiles } from './root-files.ts'

/** `missing` is one line: why there is none here. */
export type FoundBase = { readonly file: string; readonly hash: string } | { readonly missing: string }

const programs = ['apt-cache', 'apt-get', 'dpkg-deb', 'strip', 'tar']
/** Of base-files the licences and the name of the system. */
const packages = ['base-files', 'ca-certificates', 'libc6', 'libgcc-s1', 'libstdc++6']
/** To be counted up when the same packages give other files. */
const recipe = '2'

export async function findBase(root: string, tell: Tell): Promise<FoundBase> {
  for (const program of programs)
    if ('missing' in (await run(program, ['--version'])))
      return { missing: `a base image is made of Debian packages, with ${programs.join(', ')}: there is no ${program}` }
  const node = findNode(root)
  if (node === undefined) return { missing: 'there is no Node.js in node_modules: run npm ci' }
  const named = await namePackages()
  if ('missing' in named) return named
  const hash = createHash('sha256').update(`${recipe}\n${named.text}`).update(readFileSync(node.program)).digest('hex')
  const folder = join(cacheFolder(), 'image-base', hash.slice(0, 16))
  const file = join(folder, 'base.tar')
  let failed: string | undefined
  if (!existsSync(file))
    await tellIfSlow(
      'making a base image of Debian packages (once)…',
      () =>
        fillFolder(
          folder,
          async at => existsSync(join(at, 'base.tar')),
          async partial => {
            failed = await pack(partial, named.packages, node)
          },
        ),
      tell,
    )
  return failed === undefined ? { file, hash: hash.slice(0, 12) } : { missing: onOneLine(failed) }
}

interface Debian {
  readonly packages: readonly string[]
  /** Which versions there are, with their checksums: all that a base depends on. */
  readonly text: string
}

async function namePackages(): Promise<Debian | { readonly missing: string }> {
  const named = await askForPackages()
  // A machine that never asked knows no package.
  if ('text' in named || process.getuid?.() !== 0) return named
  await run('apt-get', ['update', '--quiet=2'])
  return askForPackages()
}

async function askForPackages(): Promise<Debian | { readonly missing: string }> {
  const depends = await run('apt-cache', ['depends', 'libgcc-s1'])
  // It has the copyright of the two libraries of GCC, and the compiler's version in its name.
  const [gcc] = ('stdout' in depends && /gcc-\d+-base/.exec(depends.stdout)) || ['gcc-base']
  const names = [...packages, gcc]
  const asked = await run('apt-get', ['download', '--print-uris', ...names])
  if ('stdout' in asked) return { packages: names, text: asked.stdout.split('\n').sort().join('\n') }
  return { missing: onOneLine(`Debian's packages are not known: ${failureOf(asked)}`) }
}

async function pack(folder: string, names: readonly string[], node: NodeFiles): Promise<string | undefined> {
  const [debs, files] = [join(folder, 'debs'), join(folder, 'files')]
  for (const path of [debs, files]) mkdirSync(path)
  const loaded = await run('apt-get', ['download', '--quiet=2', ...names], { cwd: debs })
  const failed = failureOf(loaded) ?? (await fillRoot(files, debs, node))
  if (failed !== undefined) return failed
  const exact = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu']
  const packed = failureOf(await run('tar', [...exact, '-C', files, '-cf', join(folder, 'base.tar'), '.']))
  for (const path of [debs, files]) rmSync(path, { recursive: true })
  return packed
}

function findNode(root: string): NodeFiles | undefined {
  const program = join(root, 'node_modules/node/bin/node')
  if (!existsSync(program)) return undefined
  const [licence] = globSync('node_modules/{node/node_modules/,}node-linux-*/LICENSE', { cwd: root })
  return { program, licence: licence === undefined ? undefined : join(root, licence) }
}

function failureOf(ran: Ran): string | undefined {
  return 'failed' in ran ? ran.failed : 'missing' in ran ? 'a program is missing' : undefined
}
