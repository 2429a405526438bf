import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { docker } from '../../scripts/image/make/docker.ts'
import { held, readInside } from './look-inside.ts'

const root = join(import.meta.dirname, '..', '..')
const image = inject('image')

describe('what is inside', () => {
  const lockShape = z.object({
    packages: z.record(z.string(), z.object({ version: z.string(), dev: z.boolean().default(false) })),
  })
  const componentShape = z.object({
    'bom-ref': z.string(),
    type: z.string(),
    name: z.string(),
    version: z.string(),
    purl: z.string(),
    scope: z.enum(['required', 'excluded']),
    licenses: z.array(z.unknown()).min(1),
  })
  const sbomShape = z.object({
    bomFormat: z.literal('CycloneDX'),
    specVersion: z.literal('1.6'),
    serialNumber: z
      .string()
      .regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    metadata: z.object({
      timestamp: z.iso.datetime(),
      component: z.object({ 'bom-ref': z.string(), name: z.string() }),
    }),
    components: z.array(componentShape),
    dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
  })
  const readSbom = async () => sbomShape.parse(JSON.parse(await readInside('/app/sbom.cdx.json')))

  test('is told by a bill of materials that names every package that Tierwall depends on', async () => {
    const { components } = await readSbom()
    const named = new Set(components.map(({ name, version }) => `${name}@${version}`))
    const { packages } = lockShape.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
    const wanted = Object.entries(packages)
      .filter(([path, { dev }]) => path !== '' && !dev)
      .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`)
    expect(wanted.length).toBeGreaterThan(50)
    expect(wanted.filter(each => !named.has(each))).toEqual([])
  })

  test('is told with the Debian packages and the Node.js that are there', async () => {
    const { components } = await readSbom()
    const versionOf = (name: string) => components.find(each => each.name === name)?.version
    const script = 'console.log(process.versions.node)'
    const words = ['run', '--rm', ...held, '--entrypoint', '/nodejs/bin/node', image.name, '-e', script]
    expect(versionOf('node')).toBe(await docker(words))
    expect(versionOf('libc6')).toMatch(/^\d/)
    expect(versionOf('libstdc++6')).toMatch(/^\d/)
  })

  test('is told with references that lead somewhere', async () => {
    const { components, dependencies, metadata } = await readSbom()
    const refs = [metadata.component['bom-ref'], ...components.map(each => each['bom-ref'])]
    expect(new Set(refs).size).toBe(refs.length)
    const used = dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
    expect(used.filter(ref => !refs.includes(ref))).toEqual([])
  })

  test('comes with the licence of each package whose code is there', async () => {
    const licences = await readInside('/app/LICENSES')
    const { components } = await readSbom()
    const inside = components.filter(({ scope }) => scope === 'required')
    expect(inside.length).toBeGreaterThan(30)
    expect(inside.filter(({ name, version }) => name !== 'node' && !licences.includes(`${name} ${version}\n`))).toEqual(
      [],
    )
    expect(licences).toMatch('Node.js 24')
    for (const { name } of inside.filter(({ purl }) => purl.startsWith('pkg:deb/')))
      expect(await readInside(`/usr/share/doc/${name}/copyright`)).toMatch(/copyright|licen[cs]e/i)
  })
})
