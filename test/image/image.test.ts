import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { buildImage } from '../../scripts/image/make/build.ts'
import { docker, tryDocker } from '../../scripts/image/make/docker.ts'
import { held, listFiles, readInside } from './look-inside.ts'
import { policiesOf } from './policies.ts'

const root = join(import.meta.dirname, '..', '..')
const image = inject('image')
const manifests = readFileSync(join(root, 'examples/three-tier/manifests.yaml'), 'utf8')

const runImage = (words: readonly string[], input?: string) =>
  tryDocker(
    ['run', '--rm', '--interactive', ...held, image.name, ...words],
    input === undefined ? {} : { input, timeout: 60_000 },
  )

const shape = z.tuple([
  z.object({
    Config: z.object({
      User: z.string(),
      Entrypoint: z.array(z.string()),
      Cmd: z.array(z.string()).nullish(),
      Labels: z.record(z.string(), z.string()),
      ExposedPorts: z.unknown().optional(),
    }),
  }),
])

async function inspect() {
  const [{ Config }] = shape.parse(JSON.parse(await docker(['image', 'inspect', image.name])))
  return Config
}

describe('the image', () => {
  test('is smaller than 120 MB, where its base is made here', () => {
    // Another base has a Node.js with all its symbols.
    expect(image.size).toBeLessThan(image.bases.own ? 120e6 : 240e6)
  })

  test('has the same layers when it is built again from nothing', async () => {
    const again = await buildImage(root, { name: 'tierwall-test:again', bases: image.bases, afresh: true })
    try {
      expect(again.layers).toEqual(image.layers)
    } finally {
      await docker(['image', 'rm', again.name])
    }
  })

  test('runs as a user that is no root, by number', async () => {
    expect((await inspect()).User).toBe('65532:65532')
  })

  test('starts Tierwall and adds no word of its own', async () => {
    const { Entrypoint, Cmd } = await inspect()
    expect(Entrypoint).toEqual(['/nodejs/bin/node', '/app/dist/cli/main.js'])
    expect(Cmd ?? []).toEqual([])
  })

  test('says what it is, of which version, and what it was made of', async () => {
    const { Labels } = await inspect()
    const labels = Object.entries(Labels).map(([name, value]) => [name.replace('org.opencontainers.image.', ''), value])
    const { version, license } = z
      .object({ version: z.string(), license: z.string() })
      .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))
    expect(Object.fromEntries(labels)).toMatchObject({
      title: 'Tierwall',
      version,
      licenses: license,
      revision: expect.stringMatching(/^([0-9a-f]{40}|unknown)$/),
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      source: expect.stringMatching(/^https:/),
      'base.name': image.bases.base,
    })
  })

  test.runIf(image.bases.own)('has one program, and it is no shell', async () => {
    const programs = (await listFiles()).filter(({ path, link }) => !link && /(^|\/)s?bin\/./.test(path))
    expect(programs.map(({ path }) => path)).toEqual(['/nodejs/bin/node'])
  })

  test('has no file that gives another user’s rights, and none that anybody may write', async () => {
    const odd = (await listFiles()).filter(
      ({ path, mode, link }) => !link && path !== '/tmp' && ((mode & 0o6000) !== 0 || (mode & 0o002) !== 0),
    )
    expect(odd).toEqual([])
  })

  test('has nothing that only tests or builds need', async () => {
    const app = (await listFiles()).map(({ path }) => path).filter(path => path.startsWith('/app/'))
    expect(app.filter(path => /node_modules|\.ts$|\.map$|controlplane|test/.test(path))).toEqual([])
    expect(app).toEqual(expect.arrayContaining(['/app/LICENSES', '/app/package.json', '/app/sbom.cdx.json']))
  })
})

describe('docker run', () => {
  test('--version says the version', async () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readInside('/app/package.json')))
    expect(await runImage(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  test('render -f - gives what render gives outside, without any network', async () => {
    const { code, stdout } = await runImage(['render', '-f', '-'], manifests)
    expect(code).toBe(0)
    const rendered = parseAllDocuments(stdout).map(document => document.toJS())
    expect(policiesOf(rendered)).toEqual(policiesOf(manifests))
  })

  test('lint ends with an exit code that says so where something is wrong', async () => {
    const { code, stdout, stderr } = await runImage(['lint', '-f', '-'], manifests.replace('tier: web', 'tier: Web!'))
    expect({ code, told: `${stdout}${stderr}` }).toEqual({
      code: 1,
      told: expect.stringMatching(/^<stdin>:13:24: error tier-invalid: /),
    })
  })

  test('graph draws, with Graphviz inside', async () => {
    const { stdout } = await runImage(['graph', '-o', 'svg', '-f', '-'], manifests)
    expect(stdout).toMatch(/<svg.*web.*<\/svg>/s)
  })
})
