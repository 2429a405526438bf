import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { threeTiers, workload } from '../report/shop.ts'
import { inFolder } from './run.ts'

describe('graph', () => {
  test.each([
    ['mermaid', /^flowchart LR\n/],
    ['dot', /^digraph tierwall \{\n/],
    ['svg', /^<\?xml .*\n<svg /],
    ['html', /^<!doctype html>\n/],
  ])('draws %s', async (format, start) => {
    const run = inFolder({ 'shop.yaml': threeTiers })
    const { code, stdout, stderr } = await run(['graph', '-f', 'shop.yaml', '-o', format])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(start)
  })

  test('draws what is sound, and fails where there are errors', async () => {
    const broken = workload('bad', { annotations: { tier: 'bad', ports: '99999' } })
    const { code, stdout, stderr } = await inFolder({ 'shop.yaml': threeTiers + broken })(['graph', '-f', 'shop.yaml'])
    expect(code).toBe(1)
    expect(stdout).toContain('web<br/>80')
    expect(stderr).toContain('error port-invalid')
  })

  test('leaves quietly when nobody reads on', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tierwall-'))
    const many = Array.from({ length: 800 }, (_, place) =>
      workload(`w${place}`, { annotations: { tier: `t${place}` } }),
    )
    writeFileSync(join(folder, 'many.yaml'), many.join(''))
    const main = join(import.meta.dirname, '../../src/cli/main.ts')
    const { stderr, stdout } = spawnSync(
      'sh',
      ['-c', `"$0" "$1" graph -f many.yaml | head -n 1`, process.execPath, main],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    )
    rmSync(folder, { recursive: true })
    expect({ stdout, stderr }).toEqual({ stdout: 'flowchart LR\n', stderr: '' })
  })
})
