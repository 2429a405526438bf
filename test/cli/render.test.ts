import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { threeTiers, workload } from '../report/shop.ts'
import { inFolder } from './run.ts'

const broken = workload('bad', { namespace: 'other', annotations: { tier: 'bad', ports: '99999' } })

describe('render', () => {
  test('prints the NetworkPolicies and nothing else', async () => {
    const { code, stdout, stderr } = await inFolder({ 'shop.yaml': threeTiers })(['render', '-f', 'shop.yaml'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const names = parseAllDocuments(stdout).map((document): unknown => document.getIn(['metadata', 'name']))
    expect(names).toEqual([
      'tierwall-api',
      'tierwall-db.statefulset',
      'tierwall-web',
      'tierwall-allow-dns',
      'tierwall-default-deny',
    ])
  })

  test('prints one list as JSON', async () => {
    const { stdout } = await inFolder({ 'shop.yaml': threeTiers })(['render', '-f', 'shop.yaml', '-o', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({ apiVersion: 'v1', kind: 'List', items: { length: 5 } })
  })

  test('prints no policy at all where there is an error', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers + broken })
    const { code, stdout, stderr } = await run(['render', '-f', 'shop.yaml'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^shop.yaml:\d+:\d+: error port-invalid: /)
    expect(stderr).toContain('nothing is written because of 1 error; --keep-going writes what is sound')
  })

  test('prints those of sound tiers with --keep-going, and fails all the same', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers + broken })
    const { code, stdout, stderr } = await run(['render', '-f', 'shop.yaml', '--keep-going'])
    expect(code).toBe(1)
    expect(stdout).toContain('name: tierwall-web\n')
    expect(stdout).not.toContain('tierwall-bad')
    expect(stderr).toContain('error port-invalid')
  })

  test('tells warnings without failing', async () => {
    const yaml = threeTiers + workload('x', { annotations: { tier: 'x', ports: '80', 'allow-from': 'wbe' } })
    const { code, stdout, stderr } = await inFolder({ 'shop.yaml': yaml })(['render', '-f', 'shop.yaml'])
    expect(code).toBe(0)
    expect(stdout).toContain('name: tierwall-x\n')
    expect(stderr).toContain('warning peer-unknown-tier')
  })

  test('writes nothing for a namespace in audit, and says what it would', async () => {
    const audit = `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, annotations: {tierwall.dev/isolation: audit}}\n`
    const { code, stdout, stderr } = await inFolder({ 'shop.yaml': threeTiers + audit })(['render', '-f', 'shop.yaml'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toBe(
      'namespace shop is in audit: nothing is written; 5 NetworkPolicies would be: tierwall-api, tierwall-db.statefulset, tierwall-web, tierwall-allow-dns, tierwall-default-deny\n',
    )
  })

  test('puts objects without a namespace into the one of -n', async () => {
    const yaml = threeTiers.replaceAll(/^ {2}namespace: .*\n/gm, '')
    const { stdout } = await inFolder({ 'shop.yaml': yaml })(['render', '-f', 'shop.yaml', '-n', 'here'])
    expect(new Set(stdout.match(/^ {2}namespace: .*/gm))).toEqual(new Set(['  namespace: here']))
  })
})
