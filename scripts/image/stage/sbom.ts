/** What an image or a package brings along → a bill of materials, CycloneDX 1.6. The same contents give the same bytes. */
import { createHash } from 'node:crypto'
import type { DebianPackage } from './debian.ts'
import type { Package } from './packages.ts'

export interface Contents {
  readonly is: 'container' | 'library'
  readonly product: { readonly name: string; readonly version: string; readonly license: string }
  readonly packages: readonly Package[]
  readonly debian: readonly DebianPackage[]
  readonly node: NodeInside | undefined
  /** In seconds since 1970. */
  readonly epoch: number
}

export interface NodeInside {
  /** `process.versions` */
  readonly versions: Readonly<Record<string, string>>
  readonly architecture: string
}

export function makeSbom({ is, product, packages, debian, node: inside, epoch }: Contents): object {
  const node = inside ? [makeNode(inside)] : []
  const components = [...packages.map(describePackage), ...debian.map(describeDebian), ...node]
  const root = `pkg:npm/${product.name}@${product.version}`
  const direct = packages.filter(({ path }) => path.lastIndexOf('node_modules/') === 0).map(refOf)
  const known = new Map(packages.map(each => [each.path, refOf(each)]))
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${makeUuid(JSON.stringify([root, components]))}`,
    version: 1,
    metadata: {
      timestamp: new Date(epoch * 1000).toISOString(),
      component: {
        type: is,
        'bom-ref': root,
        name: product.name,
        version: product.version,
        licenses: [{ license: { id: product.license } }],
        purl: root,
      },
    },
    components,
    dependencies: [
      { ref: root, dependsOn: [...direct, ...debian.map(purlOfDebian), ...node.map(each => each['bom-ref'])] },
      ...packages.map(each => ({ ref: refOf(each), dependsOn: each.uses.flatMap(path => known.get(path) ?? []) })),
    ],
  }
}

const refOf = ({ name, version, path }: Package) => `${purlOf(name, version)}#${path}`

const purlOf = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`

function describePackage(each: Package) {
  return {
    type: 'library',
    'bom-ref': refOf(each),
    name: each.name,
    version: each.version,
    // A package may be asked for and none of its code be reached: it is named, and is not there.
    scope: each.inside ? 'required' : 'excluded',
    ...(each.integrity?.startsWith('sha512-') ? { hashes: [{ alg: 'SHA-512', content: toHex(each.integrity) }] } : {}),
    ...(each.licence === undefined ? {} : { licenses: [writeLicence(each.licence)] }),
    purl: purlOf(each.name, each.version),
  }
}

const toHex = (integrity: string) => Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')

function writeLicence(licence: string) {
  return /\s/.test(licence) ? { expression: licence } : { license: { id: licence } }
}

function purlOfDebian({ name, version, architecture }: DebianPackage): string {
  return `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`
}

function describeDebian(each: DebianPackage) {
  return {
    type: 'library',
    'bom-ref': purlOfDebian(each),
    name: each.name,
    version: each.version,
    scope: 'required',
    licenses: [{ license: { name: `as /usr/share/doc/${each.name}/copyright says` } }],
    purl: purlOfDebian(each),
  }
}

/** With the libraries that are compiled into it. */
function makeNode({ versions: { node = 'unknown', ...versions }, architecture }: NodeInside) {
  const purl = `pkg:generic/node@${node}?arch=${architecture}`
  const parts = Object.entries(versions).filter(([name]) => !['modules', 'napi'].includes(name))
  return {
    type: 'platform',
    'bom-ref': purl,
    name: 'node',
    version: node,
    scope: 'required',
    licenses: [{ license: { id: 'MIT' } }],
    cpe: `cpe:2.3:a:nodejs:node.js:${node}:*:*:*:*:*:*:*`,
    purl,
    components: parts
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, version]) => ({ type: 'library', 'bom-ref': `${purl}#${name}`, name, version })),
  }
}

/** Of version 8, which may be made of anything. */
function makeUuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
