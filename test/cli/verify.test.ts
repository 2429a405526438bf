import { describe, expect, test } from 'vitest'
import { pod, threeTiers, workload } from '../report/shop.ts'
import { inFolder } from './run.ts'

describe('verify', () => {
  test('exits with 0 where all expectations hold', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers, 'e.txt': 'web -> api:5000 allowed\nweb -> db:3306 denied\n' })
    expect(await run(['verify', 'e.txt', '-f', 'shop.yaml'])).toEqual({
      code: 0,
      stdout: '2 hold, 0 do not\n',
      stderr: '',
    })
  })

  test('exits with 1 where one does not, and explains it', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers, 'e.yaml': '- web -> api:5000 allowed\n- web -> db:3306 allowed\n' })
    const { code, stdout } = await run(['verify', 'e.yaml', '-f', 'shop.yaml'])
    expect(code).toBe(1)
    expect(stdout).toContain('e.yaml:2:3: does not hold: web -> db:3306 allowed\n  DENIED web -> db:3306/TCP\n')
    expect(stdout).toMatch(/1 holds, 1 does not\n$/)
  })

  test('takes expectations from stdin', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers })
    expect(await run(['verify', '-', '-f', 'shop.yaml'], { stdin: 'web -> api:5000 allowed' })).toMatchObject({
      code: 0,
    })
    expect(await run(['verify', '-', '-f', '-'])).toMatchObject({ code: 1, stderr: expect.stringContaining('stdin') })
  })

  test('exits with 1 where it cannot judge a line, or has none', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers, 'typo.txt': 'web -> dd:3306 denied\n', 'empty.txt': '# later\n' })
    expect(await run(['verify', 'typo.txt', '-f', 'shop.yaml'])).toMatchObject({
      code: 1,
      stderr: 'typo.txt:1:1: error: there is no dd in the input; did you mean shop/statefulset/db?\n',
    })
    expect(await run(['verify', 'empty.txt', '-f', 'shop.yaml'])).toMatchObject({ code: 1 })
    expect(await run(['verify', 'none.txt', '-f', 'shop.yaml'])).toMatchObject({
      code: 1,
      stderr: 'error: none.txt: there is no such file; check the path\n',
    })
  })

  test('exits with 1 where the input has errors: what was checked is not what would be written', async () => {
    const broken = workload('bad', { annotations: { tier: 'bad', ports: '99999' } })
    const run = inFolder({ 'shop.yaml': threeTiers + broken, 'e.txt': 'web -> api:5000 allowed' })
    expect(await run(['verify', 'e.txt', '-f', 'shop.yaml'])).toMatchObject({ code: 1, stdout: '1 holds, 0 do not\n' })
  })

  test('works where nothing of Tierwall is in the input', async () => {
    const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {role: db}}, ingress: [{from: [{podSelector: {matchLabels: {role: api}}}]}]}
`
    const yaml = pod('db-0', { labels: '{role: db}' }) + pod('api-0', { labels: '{role: api}' }) + pod('web-0') + policy
    const run = inFolder({
      'raw.yaml': yaml,
      'e.txt': 'api-0 -> db-0:3306 allowed\nweb-0 -> db-0:3306 denied\nanywhere -> web-0:80 allowed\n',
    })
    expect(await run(['verify', 'e.txt', '-f', 'raw.yaml'])).toEqual({
      code: 0,
      stdout: '3 hold, 0 do not\n',
      stderr: '',
    })
  })
})
