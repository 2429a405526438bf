/** `make image`: builds the image and says how big it is. Where no Docker runs, the image ends up in a file. */
import { mkdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { tellStderr } from '../../../src/controlplane/progress.ts'
import { findDaemon, runBeside } from '../daemon/index.ts'
import { findBase } from './base.ts'
import { findBases } from './bases.ts'
import { buildImage, readVersion } from './build.ts'
import { docker } from './docker.ts'

const root = join(import.meta.dirname, '../../..')
const isBeside = process.env.TIERWALL_DAEMON !== undefined
process.exitCode = isBeside ? await make() : await makeBesideDaemon()

async function makeBesideDaemon(): Promise<number> {
  const found = await findDaemon(tellStderr)
  if ('missing' in found) return fail(found.missing)
  if (found.daemon === 'own') {
    // Beside a daemon of its own nothing can be downloaded.
    const base = await findBase(root, tellStderr)
    if ('missing' in base) return fail(base.missing)
  }
  return runBeside(found, [process.execPath, import.meta.filename], { TIERWALL_DAEMON: found.daemon })
}

async function make(): Promise<number> {
  const own = process.env.TIERWALL_DAEMON === 'own'
  const found = await findBases(root, tellStderr, own ? { BASE: 'own' } : process.env)
  if ('missing' in found) return fail(found.missing)
  const { bases } = found
  const { name, size, layers } = await buildImage(root, {
    bases,
    ...(process.env.TAG ? { name: process.env.TAG } : {}),
  })
  if (bases.own) await docker(['image', 'rm', bases.packages])
  console.log(`${name}: ${inMegabytes(size)}, on ${bases.base}`)
  for (const layer of layers) console.log(`  ${layer}`)
  if (own) await save(name)
  return 0
}

async function save(name: string): Promise<void> {
  // Not in dist, all of which goes into the npm package.
  const file = join(root, '.cache', `tierwall-${readVersion(root)}-image.tar`)
  mkdirSync(join(file, '..'), { recursive: true })
  await docker(['save', '--output', file, name])
  console.log(`${relative('', file)}: ${inMegabytes(statSync(file).size)}; docker load --input ${relative('', file)}`)
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function fail(why: string): number {
  console.error(`The image cannot be built: ${why}`)
  return 1
}
