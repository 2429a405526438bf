/** package-lock.json and node_modules → each package that the product may use, and whether its code is in the image. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { PackagePaths } from './bundle.ts'

export interface Package {
  /** `node_modules/yaml` */
  readonly path: string
  readonly name: string
  readonly version: string
  /** As package-lock.json says it: `MIT`, or an expression. */
  readonly licence: string | undefined
  /** `sha512-…` of what was downloaded. */
  readonly integrity: string | undefined
  readonly inside: boolean
  readonly uses: readonly string[]
  readonly licenceText: string | undefined
}

const texts = z.record(z.string(), z.string()).default({})
const entryShape = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  integrity: z.string().optional(),
  dev: z.boolean().default(false),
  optional: z.boolean().default(false),
  dependencies: texts,
  optionalDependencies: texts,
})
const lockShape = z.object({ packages: z.record(z.string(), entryShape) })
const manifestShape = z.object({ version: z.string() })

export function readPackages(root: string, inside: PackagePaths): readonly Package[] {
  const { packages } = lockShape.parse(readJson(join(root, 'package-lock.json')))
  const isThere = (path: string) => existsSync(join(root, path, 'package.json'))
  return Object.entries(packages)
    .filter(([path, { dev, optional }]) => path !== '' && (inside.has(path) || (!dev && (!optional || isThere(path)))))
    .map(([path, entry]) => {
      const { version } = manifestShape.parse(readJson(join(root, path, 'package.json')))
      // What is built must be what is written down.
      if (version !== entry.version)
        throw new Error(`${path} is ${version}, and package-lock.json says ${entry.version}`)
      const names = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      return {
        path,
        name: nameOf(path),
        version,
        licence: entry.license,
        integrity: entry.integrity,
        inside: inside.has(path),
        uses: names.flatMap(name => resolve(packages, path, name) ?? []).sort(),
        licenceText: readLicence(join(root, path)),
      }
    })
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** As Node.js looks for it: beside, then in each folder above. */
function resolve(packages: Readonly<Record<string, unknown>>, from: string, name: string): string | undefined {
  const folders = from.split('/node_modules/')
  for (let length = folders.length; length > 0; length--) {
    const path = `${folders.slice(0, length).join('/node_modules/')}/node_modules/${name}`
    if (path in packages) return path
  }
  const top = `node_modules/${name}`
  return top in packages ? top : undefined
}

function readLicence(folder: string): string | undefined {
  const files = readdirSync(folder).filter(name => /^(licen[cs]e|copying|notice)/i.test(name))
  const found = files.sort().map(name => readFileSync(join(folder, name), 'utf8').trim())
  return found.length === 0 ? undefined : found.join('\n\n')
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
