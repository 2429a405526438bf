/** Inside the build stage: sources and packages → all that Tierwall's image adds to its base, below a folder. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { bundle } from './bundle.ts'
import { readDebianPackages } from './debian.ts'
import { writeLicences } from './licences.ts'
import { readPackages } from './packages.ts'
import { makeSbom } from './sbom.ts'
import { settle } from './settle.ts'

const root = join(import.meta.dirname, '../../..')
const [, , out = join(root, 'out')] = process.argv
const app = join(out, 'app')
const epoch = z.coerce
  .number()
  .int()
  .min(0)
  .parse(process.env.SOURCE_DATE_EPOCH ?? 0)

const manifest = z
  .object({ name: z.string(), version: z.string(), license: z.string(), type: z.string() })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

const inside = await bundle(root, join(app, 'dist', 'cli'))
const packages = readPackages(root, inside)
const debian = readDebianPackages('/var/lib/dpkg/status.d')
const versions = Object.fromEntries(Object.entries(process.versions).map(([name, version]) => [name, version ?? '']))
const node = { versions, architecture: process.arch }
const contents = { is: 'container', product: manifest, packages, debian, node, epoch } as const
const licences = writeLicences({
  product: { name: `${manifest.name} ${manifest.version}`, text: readFileSync(join(root, 'LICENSE'), 'utf8') },
  node: { version: process.versions.node, text: readNodeLicence() },
  packages,
  debian,
})

// `tierwall --version` reads it from here.
write('package.json', `${JSON.stringify(manifest, null, 2)}\n`)
write('sbom.cdx.json', `${JSON.stringify(makeSbom(contents), null, 1)}\n`)
write('LICENSES', licences)
settle(out, epoch)
console.log(`${inside.size} packages have code in the bundle, of ${packages.length} that are asked for`)

function write(name: string, text: string): void {
  mkdirSync(app, { recursive: true })
  writeFileSync(join(app, name), text)
}

/** Beside its folder `bin`, where its archive and distroless have it. */
function readNodeLicence(): string | undefined {
  const file = join(dirname(process.execPath), '..', 'LICENSE')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
