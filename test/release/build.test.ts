/** `make release` on a copy of the repository, twice; then each part is used as somebody would who downloads it. */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { makeFolder } from '../folder.ts'
import { buildHelmFirst, needHelm } from '../install/helm.ts'
import { runProgram } from '../program.ts'
import { copyRepository, linkPackages, root, type WorkingCopy } from './working-copy.ts'

buildHelmFirst()

const version = String(parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
const release = (copy: WorkingCopy, env: Readonly<Record<string, string>> = {}) =>
  runProgram(process.execPath, ['scripts/release/main.ts'], {
    cwd: copy.folder,
    env: { ...process.env, SKIP_IMAGE: '1', ...env },
  })

/** Dated and committed, as on the day of the release. */
async function prepare(from?: string): Promise<WorkingCopy> {
  const copy = await copyRepository(from)
  await linkPackages(copy)
  copy.edit('CHANGELOG.md', text =>
    text.replace(new RegExp(`^## \\[${version}\\].*`, 'm'), `## [${version}] - 2026-01-02`),
  )
  await copy.commit()
  return copy
}

let copies: readonly WorkingCopy[]
let folder: string
beforeAll(async () => {
  const first = await prepare()
  // Of the first, since somebody may be at work here.
  copies = [first, await prepare(first.folder)]
  folder = join(first.folder, 'dist/release')
  for (const copy of copies) {
    const { code, stderr } = await release(copy, { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: `v${version}` })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  }
})
afterAll(() => {
  for (const copy of copies) copy.clear()
})

const [npm, chart, sbom] = [
  `tierwall-npm-${version}.tgz`,
  `tierwall-chart-${version}.tgz`,
  `tierwall-npm-${version}.cdx.json`,
]

describe('a release', () => {
  test('has all parts, with sums that sha256sum confirms', async () => {
    expect(readdirSync(folder).sort()).toEqual(['SHA256SUMS', 'install.yaml', chart, sbom, npm].sort())
    const { code, stdout } = await runProgram('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: folder,
      env: process.env,
    })
    expect({ code, lines: stdout.trim().split('\n').length }).toEqual({ code: 0, lines: 4 })
  })

  test('is the same bytes, wherever it is built', () => {
    const [one, other] = copies.map(copy => join(copy.folder, 'dist/release'))
    for (const name of readdirSync(one ?? ''))
      expect(readFileSync(join(one ?? '', name)).equals(readFileSync(join(other ?? '', name))), name).toBe(true)
  })

  test('has its section of the changelog for notes', () => {
    expect(readFileSync(`${folder}-notes.md`, 'utf8')).toMatch(/^[^#\n].*[\s\S]*### Added\n/)
  })

  test('is refused where something is not ready, and a draft is not', async () => {
    const copy = copies[1]
    if (!copy) throw new Error('there are two copies')
    expect(await release(copy, { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v9.9.9' })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: the tag is v9\.9\.9, and package\.json says /),
    })
    copy.edit('README.md', text => `${text}\nmore\n`)
    expect(await release(copy)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: there is what no commit has: M README\.md\nNothing is built\. /),
    })
    expect(await release(copy, { DRAFT: '1' })).toMatchObject({ code: 0, stderr: expect.stringMatching(/^draft: /) })
  })
})

describe('the npm package', () => {
  test('has what was built from the sources, what people read, and nothing else', async () => {
    const { stdout } = await runProgram('tar', ['-tzf', join(folder, npm)], { cwd: folder, env: process.env })
    const paths = stdout
      .trim()
      .split('\n')
      .map(path => path.replace(/^package\//, ''))
    const isBuilt = (path: string) => /^dist\/.*\.(?:js|d\.ts)$/.test(path)
    const sourceOf = (path: string) => path.replace(/^dist/, 'src').replace(/(?:\.d\.ts|\.js)$/, '.ts')
    expect(paths.filter(isBuilt).filter(path => !existsSync(join(root, sourceOf(path))))).toEqual([])
    const tops = [...new Set(paths.filter(path => !isBuilt(path)).map(path => path.split('/')[0]))]
    expect(tops.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'crds', 'docs', 'package.json'])
  })

  test('is published for everybody, with provenance', async () => {
    const words = ['-xzOf', join(folder, npm), 'package/package.json']
    const manifest = JSON.parse((await runProgram('tar', words, { cwd: folder, env: process.env })).stdout)
    expect(manifest).toMatchObject({
      name: 'tierwall',
      version,
      publishConfig: { access: 'public', provenance: true },
      // npm holds the provenance against it.
      repository: { url: 'git+https://github.com/tierwall/tierwall.git' },
    })
  })

  test('installs in an empty folder, and runs there', async () => {
    const place = makeFolder()
    const env = { ...process.env, HOME: makeFolder(), npm_config_cache: join(process.env.HOME ?? '', '.npm') }
    const words = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', join(folder, npm)]
    expect(await runProgram('npm', words, { cwd: place, env })).toMatchObject({ code: 0 })
    cpSync(join(root, 'examples/three-tier/manifests.yaml'), join(place, 'shop.yaml'))
    const bin = join(place, 'node_modules/.bin/tierwall')
    const { code, stdout } = await runProgram(bin, ['render', '-f', 'shop.yaml'], { cwd: place, env })
    expect({ code, policies: stdout.match(/^kind: NetworkPolicy$/gm)?.length }).toEqual({ code: 0, policies: 5 })
    expect((await runProgram(bin, ['--version'], { cwd: place, env })).stdout.trim()).toBe(version)
    const program = "import { decide } from 'tierwall'; console.log(typeof decide)"
    const engine = ['--input-type=module', '--eval', program]
    expect((await runProgram(process.execPath, engine, { cwd: place, env })).stdout).toBe('function\n')
  })

  test('has a bill of materials with each package that an installation brings', () => {
    const { metadata, components } = JSON.parse(readFileSync(join(folder, sbom), 'utf8'))
    expect(metadata.component).toMatchObject({ type: 'library', name: 'tierwall', version })
    const names = components.map(({ name }: { name: string }) => name)
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(names).toEqual(expect.arrayContaining(Object.keys(dependencies)))
    expect(names).not.toContain('vitest')
  })
})

describe('the chart', () => {
  test('is read by Helm, and gives the same objects as its folder', async ({ skip }) => {
    const helm = await needHelm(skip)
    const file = join(folder, chart)
    expect(parse((await helm('show', 'chart', file)).stdout)).toMatchObject({
      name: 'tierwall',
      version,
      appVersion: version,
    })
    const [packed, loose] = await Promise.all(
      [file, join(root, 'chart')].map(from => helm('template', 'tierwall', from, '--namespace', 'tierwall-system')),
    )
    expect(packed).toEqual(loose)
    expect(packed).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`image: "ghcr.io/tierwall/tierwall:${version}"`),
    })
  })
})

describe('install.yaml', () => {
  test('starts the image of the same version', () => {
    const text = readFileSync(join(folder, 'install.yaml'), 'utf8')
    expect(text).toContain(`# Tierwall ${version}: `)
    const kinds = parseAllDocuments(text).map(document => document.get('kind'))
    expect(kinds).toEqual(expect.arrayContaining(['CustomResourceDefinition', 'Deployment', 'Namespace']))
    expect(text.match(/^ +image: .*$/gm)).toEqual([
      expect.stringMatching(new RegExp(`image: ghcr.io/tierwall/tierwall:${version}$`)),
    ])
  })
})
