/** The two images that the Dockerfile starts from: those that are named, those it names itself, or made here. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Tell } from '../../../src/controlplane/progress.ts'
import { run } from '../../../src/controlplane/run.ts'
import { findBase } from './base.ts'
import { docker, tryDocker } from './docker.ts'

export interface Bases {
  readonly base: string
  readonly packages: string
  /** Whether they were made here; those made elsewhere have another size. */
  readonly own: boolean
}

export type FoundBases = { readonly bases: Bases } | { readonly missing: string }

/** BASE and PACKAGES name images; `BASE=own` asks for one that is made here. */
export async function findBases(root: string, tell: Tell, env: NodeJS.ProcessEnv = process.env): Promise<FoundBases> {
  const usual = readArguments(root)
  const [base, packages] = [env.BASE || usual.base, env.PACKAGES || usual.packages]
  if (env.BASE !== 'own') {
    const failed = (await findImage(base)) ?? (await findImage(packages))
    if (failed === undefined) return { bases: { base, packages, own: false } }
    if (env.BASE) return { missing: failed }
    tell(`${failed}; so the base is made here`)
  }
  const found = await findBase(root, tell)
  if ('missing' in found) return found
  const name = `tierwall-base:${found.hash}`
  if (!(await isHere(name)))
    await docker(['import', '--change', 'ENV PATH=/nodejs/bin', '--change', 'USER 65532:65532', found.file, name])
  return { bases: { base: name, packages: await makePackages(root, name), own: true } }
}

/** What the Dockerfile says where nobody says otherwise. */
function readArguments(root: string): { readonly base: string; readonly packages: string } {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8')
  const value = (name: string) => z.string().parse(new RegExp(`^ARG ${name}=(.+)$`, 'm').exec(text)?.[1])
  return { base: value('BASE'), packages: value('PACKAGES') }
}

const isHere = async (image: string) => (await tryDocker(['image', 'inspect', image])).code === 0

/** Undefined once it is here, or in one line why it cannot be. */
async function findImage(image: string): Promise<string | undefined> {
  if (await isHere(image)) return undefined
  const { code, stderr } = await tryDocker(['pull', '--quiet', image], { timeout: 120_000 })
  return code === 0 ? undefined : `${image} cannot be pulled: ${stderr.trim().split('\n').at(-1)}`
}

const entryShape = z.object({
  dev: z.boolean().default(false),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})
const lockShape = z.object({ packages: z.record(z.string(), entryShape) })

/** The packages of node_modules that a build needs, in an image, as `npm ci` would put them there. */
async function makePackages(root: string, base: string): Promise<string> {
  const name = 'tierwall-packages'
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-packages-'))
  const context = join(folder, 'context.tar')
  try {
    const { packages } = lockShape.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
    const product = Object.keys(packages).filter(path => path !== '' && !packages[path]?.dev)
    const wanted = new Set([...product, ...needsOf('node_modules/rolldown', packages)])
    // What is below another comes with it.
    const paths = [...wanted].filter(path => path.lastIndexOf('node_modules/') === 0)
    const here = join(import.meta.dirname, 'packages.Dockerfile')
    const words = ['--ignore-failed-read', '-cf', context, '-C', join(here, '..'), 'packages.Dockerfile', '-C', root]
    const packed = await run('tar', [...words, ...paths])
    if ('failed' in packed) throw new Error(packed.failed)
    const build = ['build', '--quiet', '--tag', name, '--build-arg', `BASE=${base}`, '--file', 'packages.Dockerfile']
    await docker([...build, '-'], { input: { file: context } })
    return name
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The bundler's own are all at the top. */
function needsOf(path: string, packages: z.infer<typeof lockShape>['packages']): readonly string[] {
  const found = new Set([path])
  for (const each of found) {
    const { dependencies = {}, optionalDependencies = {} } = packages[each] ?? {}
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) found.add(`node_modules/${name}`)
  }
  return [...found]
}
