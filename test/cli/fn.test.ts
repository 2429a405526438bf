import { describe, expect, test } from 'vitest'
import { threeTiers } from '../report/shop.ts'
import { inFolder } from './run.ts'

const listOf = (yaml: string) =>
  `apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n${yaml
    .split('---\n')
    .filter(Boolean)
    .map(text => text.replaceAll(/^/gm, '  ').replace('  ', '- ').trimEnd())
    .join('\n')}\n`

describe('fn', () => {
  test('reads a ResourceList and writes one', async () => {
    const { code, stdout, stderr } = await inFolder({})(['fn'], { stdin: listOf(threeTiers) })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.match(/^ {4}name: .*/gm)).toHaveLength(8)
  })

  test('exits with 1 for errors, and tells them on stderr as well', async () => {
    const { code, stdout, stderr } = await inFolder({})(['fn'], {
      stdin: listOf(threeTiers.replace('"web"', '"Web!"')),
    })
    expect(code).toBe(1)
    expect(stdout).not.toContain('NetworkPolicy')
    expect(stdout).toContain('code: tier-invalid')
    expect(stderr).toContain('error tier-invalid')
  })

  test('says what it wants where stdin holds something else', async () => {
    expect(await inFolder({})(['fn'], { stdin: threeTiers })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('ResourceList'),
    })
  })
})
