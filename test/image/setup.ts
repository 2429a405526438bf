/** Builds the image once for all tests; vitest runs this only where there are any to run. */
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type Bases, findBases } from '../../scripts/image/make/bases.ts'
import { type Built, buildImage } from '../../scripts/image/make/build.ts'
import { docker } from '../../scripts/image/make/docker.ts'
import { tellStderr } from '../../src/controlplane/progress.ts'

declare module 'vitest' {
  interface ProvidedContext {
    readonly image: Built & { readonly bases: Bases }
  }
}

const root = join(import.meta.dirname, '..', '..')

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const own = process.env.TIERWALL_DAEMON === 'own'
  const found = await findBases(root, tellStderr, own ? { BASE: 'own' } : process.env)
  if ('missing' in found) throw new Error(found.missing)
  const { bases } = found
  const image = await buildImage(root, { name: 'tierwall-test:first', bases })
  console.log(`The image: ${(image.size / 1e6).toFixed(1)} MB, on ${bases.base}`)
  provide('image', { ...image, bases })
  return async () => {
    await docker(['image', 'rm', image.name, ...(bases.own ? [bases.packages] : [])])
  }
}
