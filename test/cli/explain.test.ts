import { describe, expect, test } from 'vitest'
import { pod, threeTiers, workload } from '../report/shop.ts'
import { inFolder } from './run.ts'

describe('explain', () => {
  test('exits with 0 where it is allowed, and quotes the line that says so', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers })
    const { code, stdout, stderr } = await run(['explain', 'web', 'api', '-n', 'shop', '-f', 'shop.yaml'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n')[0]).toBe('ALLOWED web -> api:5000/TCP')
    expect(stdout).toContain('because shop.yaml:24:31: web — Deployment shop/api annotation tierwall.dev/allow-from')
  })

  test('exits with 3 where it is denied', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers })
    const { code, stdout } = await run(['explain', 'anywhere', 'db', '--port', '3306', '-f', 'shop.yaml'])
    expect(code).toBe(3)
    expect(stdout.split('\n')[0]).toBe('DENIED anywhere -> db:3306/TCP')
  })

  test('exits with 1 where it depends on the pod', async () => {
    const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: shop}
spec: {podSelector: {matchLabels: {held: "yes"}}}
`
    const yaml = workload('x') + pod('x-0', { labels: '{role: x}' }) + pod('x-1', { labels: '{role: x, held: "yes"}' })
    const run = inFolder({ 'shop.yaml': yaml + policy })
    const { code, stdout } = await run(['explain', 'anywhere', 'x', '-p', '80', '-f', 'shop.yaml'])
    expect(code).toBe(1)
    expect(stdout.split('\n')[0]).toBe('IT DEPENDS anywhere -> x:80/TCP: allowed for 3 of 6 pairs')
  })

  test('exits with 1 where it does not know who is meant, or which port', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers })
    expect(await run(['explain', 'wbe', 'db', '-f', 'shop.yaml'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: there is no wbe in the input; did you mean shop/deployment/web?\n',
    })
    expect(await run(['explain', 'web', 'db', '-p', '0', '-f', 'shop.yaml'])).toMatchObject({ code: 1, stdout: '' })
  })

  test('says that -f takes every word behind it', async () => {
    const { code, stderr } = await inFolder({ 'shop.yaml': threeTiers })(['explain', '-f', 'shop.yaml', 'web', 'db'])
    expect(code).toBe(1)
    expect(stderr).toContain("missing required argument 'from'\n(-f takes every word behind it: write it last")
  })

  test('answers with what is sound, tells the errors, and exits by the verdict', async () => {
    const broken = workload('bad', { annotations: { tier: 'bad', ports: '99999' } })
    const run = inFolder({ 'shop.yaml': threeTiers + broken })
    const { code, stdout, stderr } = await run(['explain', 'web', 'api', '-f', 'shop.yaml'])
    expect(code).toBe(0)
    expect(stdout).toContain('ALLOWED')
    expect(stderr).toContain('error port-invalid')
    expect(stderr).toContain('the input has 1 error: what they are about is left out here')
  })

  test('writes JSON', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers })
    const { code, stdout } = await run(['explain', 'web', 'db', '-o', 'json', '-f', 'shop.yaml'])
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'denied' })
  })
})
