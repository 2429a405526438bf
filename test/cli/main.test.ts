import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { threeTiers } from '../report/shop.ts'
import { inFolder } from './run.ts'

const commands = ['render', 'lint', 'explain', 'verify', 'graph', 'fn']

describe('the command line', () => {
  test('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(await inFolder({})(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  test.each(commands)('shows an example in the help of %s', async command => {
    const { code, stdout } = await inFolder({})([command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`Examples?:\\n {2}\\$ .*tierwall ${command}`))
  })

  test('suggests what an unknown command or option may have meant', async () => {
    const run = inFolder({})
    expect(await run(['rendr'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('Did you mean render?'),
    })
    expect(await run(['render', '--keepgoing'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Did you mean --keep-going?'),
    })
  })

  test('without a word shows its help and fails', async () => {
    const { code, stdout, stderr } = await inFolder({})([])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('Usage: tierwall')
  })

  test('without manifests says how to give some', async () => {
    const run = inFolder({ 'notes.txt': '' })
    for (const command of [['render'], ['lint']])
      expect(await run(command)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('-f') })
    expect(await run(['render', '-f', '.'])).toMatchObject({
      code: 1,
      stderr: 'error: there are no manifests in .; name a folder with .yaml, .yml or .json files\n',
    })
  })

  test('takes manifests from several files and from stdin', async () => {
    const [web = '', api = '', db = ''] = threeTiers.split('---\n').filter(Boolean)
    const run = inFolder({ 'web.yaml': web, 'api.yaml': api })
    const { code, stdout } = await run(['render', '-f', 'web.yaml', 'api.yaml', '-f', '-'], { stdin: db })
    expect(code).toBe(0)
    expect(stdout.match(/^ {2}name: .*/gm)).toHaveLength(5)
  })

  test('paints nothing where no terminal is, and minds NO_COLOR', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers })
    const args = ['explain', 'shop/web', 'shop/db', '-f', 'shop.yaml']
    expect((await run(args)).stdout).not.toContain('\u001b')
    expect((await run(args, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[31mDENIED')
    expect((await run(args, { env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b')
  })

  test('tells a bug of its own in one line, and asks to report it', async () => {
    const run = inFolder({
      'shop.yaml': threeTiers,
      'break.mjs': 'Map.groupBy = () => { throw new Error("boom") }',
    })
    const env = { NODE_OPTIONS: '--import ./break.mjs' }
    const { code, stdout, stderr } = await run(['render', '-f', 'shop.yaml'], { env })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe('error: this is a bug in Tierwall: boom; please report it with the command and its input\n')
  })

  test('tells problems of the configuration with the place of the field', async () => {
    const run = inFolder({
      'shop.yaml': threeTiers,
      'config.yaml': 'isolation: enforce\nclusterRanges:\n  - 10.0.0.1/8\npers: {}\n',
    })
    const { code, stderr } = await run(['render', '-f', 'shop.yaml', '--config', 'config.yaml'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^config.yaml:\d+:\d+: error /m)
    expect(await run(['render', '-f', 'shop.yaml', '--config', 'none.yaml'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'none.yaml:1:1: error configuration-invalid: there is no such file; check the path',
      ),
    })
  })
})
