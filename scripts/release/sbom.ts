/** The bill of materials of the npm package: every package that an installation brings along, by package-lock.json. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readPackages } from '../image/stage/packages.ts'
import { makeSbom } from '../image/stage/sbom.ts'

const manifest = z.object({ name: z.string(), version: z.string(), license: z.string() })

export function writeSbom(root: string, folder: string, name: string, epoch: number): string {
  const product = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
  const packages = readPackages(root, new Set()).map(each => ({ ...each, inside: true }))
  const sbom = makeSbom({ is: 'library', product, packages, debian: [], node: undefined, epoch })
  writeFileSync(join(folder, name), `${JSON.stringify(sbom, null, 1)}\n`)
  return name
}
