/** Manifests against other manifests: what a change would open and cut, told without a cluster. */
import { describe, expect, test } from 'vitest'
import { threeTiers } from '../report/shop.ts'
import { inFolder } from './run.ts'

const wider = threeTiers.replace(
  'tierwall.dev/tier: "db"',
  'tierwall.dev/tier: "db"\n    tierwall.dev/allow-from: "api, web"',
)
const nowhere = { env: { KUBECONFIG: '', HOME: '/nonexistent' } }

function planOf(before: string, after: string, ...more: readonly string[]) {
  const run = inFolder({ 'old.yaml': before, 'new.yaml': after })
  return run(['plan', ...more, '-f', 'new.yaml', '--against', 'old.yaml'], nowhere)
}

const foreign = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop, labels: {app.kubernetes.io/managed-by: tierwall}}
spec: {podSelector: {matchLabels: {role: db}}, ingress: [{}]}
`

describe('plan --against', () => {
  test('tells the flows that open and the policies that change, and whose word it was', async () => {
    const { code, stdout } = await planOf(threeTiers, wider)
    expect(code).toBe(2)
    expect(stdout).toContain('because new.yaml:')
    expect(stdout).toMatch(/flows that open\n {2}\+ shop\/web -> shop\/db: 3306\/TCP\n/)
    expect(stdout).toContain('1 flow opens, no flow is cut')
  })

  test('tells the flows that are cut', async () => {
    const { code, stdout } = await planOf(wider, threeTiers)
    expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringContaining('no flow opens, 1 flow is cut') })
  })

  test('finds nothing where both ask for the same', async () => {
    expect(await planOf(threeTiers, threeTiers)).toEqual({
      code: 0,
      stdout: 'no changes: what stands is what is desired\n',
      stderr: '',
    })
  })

  test('starts from nothing where there were no manifests, and ends there', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers, 'nothing.yaml': '' })
    const plan = async (next: string, former: string) =>
      (await run(['plan', '-f', next, '--against', former], nowhere)).stdout
    expect(await plan('shop.yaml', 'nothing.yaml')).toContain('5 to create')
    expect(await plan('nothing.yaml', 'shop.yaml')).toContain('5 to delete')
  })

  test('counts what others’ policies let through, also one that says it is Tierwall’s', async () => {
    const { code, stdout } = await planOf(threeTiers, threeTiers + foreign)
    expect(code).toBe(2)
    expect(stdout).toMatch(/flows that open\n {2}\+ .* -> shop\/db: every port/)
    expect(stdout).toContain('no policy of Tierwall changes; 1 flow opens, no flow is cut')
  })

  test('takes what was rendered and put beside the manifests for what Tierwall writes', async () => {
    const render = async (yaml: string) => (await inFolder({ 'shop.yaml': yaml })(['render', '-f', 'shop.yaml'])).stdout
    const { stdout } = await planOf(
      `${threeTiers}---\n${await render(threeTiers)}`,
      `${wider}---\n${await render(wider)}`,
    )
    expect(stdout).toContain('2 to change; 1 flow opens')
  })

  test('keeps what was last good of what is broken, as the operator does, and exits with 1', async () => {
    const { code, stdout, stderr } = await planOf(threeTiers, threeTiers.replace('"web"', '"Web!"'))
    expect(code).toBe(1)
    expect(stdout).toContain('Deployment shop/web has errors: what it said before them stays in force')
    expect(stderr).toContain('new.yaml:')
    expect(stderr).toContain('error tier-invalid')
  })

  test('says where what it is compared with cannot be read', async () => {
    const { code, stderr } = await planOf(`${threeTiers}---\nkind: [`, threeTiers)
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'note: what it is compared with cannot be read in full: 1 error\n',
    })
  })

  test('wants something to compare, and not both from stdin', async () => {
    const run = inFolder({ 'old.yaml': threeTiers })
    expect(await run(['plan', '--against', 'old.yaml'], nowhere)).toMatchObject({
      code: 1,
      stderr: 'error: there is nothing to compare; name manifests with -f\n',
    })
    expect(await run(['plan', '-f', '-', '--against', '-'], nowhere)).toMatchObject({
      code: 1,
      stderr: 'error: stdin cannot hold both sides; put one of them in files\n',
    })
  })
})
