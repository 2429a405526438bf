/** The image from this checkout: named, and with labels that say of what it was made. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { run } from '../../../src/controlplane/run.ts'
import type { Bases } from './bases.ts'
import { docker } from './docker.ts'

export interface Built {
  readonly name: string
  /** Unpacked. */
  readonly size: number
  /** Digests of what is in each, the base's first. */
  readonly layers: readonly string[]
}

export interface BuildOptions {
  readonly name?: string
  readonly bases: Bases
  /** Builds each step anew. */
  readonly afresh?: boolean
}

export async function buildImage(root: string, { name, bases, afresh = false }: BuildOptions): Promise<Built> {
  const version = readVersion(root)
  const tag = name ?? `tierwall:${version}`
  const { revision, epoch } = await findRevision(root)
  const values = {
    BASE: bases.base,
    PACKAGES: bases.packages,
    SOURCE_DATE_EPOCH: epoch,
    VERSION: version,
    REVISION: revision,
    CREATED: new Date(Number(epoch) * 1000).toISOString().replace('.000Z', 'Z'),
  }
  const given = Object.entries(values).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`])
  await docker(['build', ...(afresh ? ['--no-cache'] : []), '--tag', tag, ...given, root])
  return inspect(tag)
}

const shape = z.tuple([z.object({ Size: z.number(), RootFS: z.object({ Layers: z.array(z.string()) }) })])

async function inspect(name: string): Promise<Built> {
  const [{ Size: size, RootFS }] = shape.parse(JSON.parse(await docker(['image', 'inspect', name])))
  return { name, size, layers: RootFS.Layers }
}

export function readVersion(root: string): string {
  const text = readFileSync(join(root, 'package.json'), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

/** The time of the commit, so that whoever builds it again gets the same; outside of a clone there is none. */
async function findRevision(root: string): Promise<{ readonly revision: string; readonly epoch: string }> {
  const told = await run('git', ['-C', root, 'log', '-1', '--format=%H %ct'])
  const [revision = 'unknown', time = '0'] = 'stdout' in told ? told.stdout.trim().split(' ') : []
  return { revision, epoch: process.env.SOURCE_DATE_EPOCH || time }
}
