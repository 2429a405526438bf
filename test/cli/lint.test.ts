import { describe, expect, test } from 'vitest'
import { threeTiers, workload } from '../report/shop.ts'
import { inFolder } from './run.ts'

const broken = workload('bad', { annotations: { tier: 'bad', ports: '99999' } })

describe('lint', () => {
  test('prints nothing for clean input but the count, on stderr', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers })
    expect(await run(['lint', '-f', 'shop.yaml'])).toEqual({ code: 0, stdout: '', stderr: 'no problems\n' })
  })

  test('prints each problem with its place, and fails for an error', async () => {
    const { code, stdout, stderr } = await inFolder({ 'shop.yaml': threeTiers + broken })(['lint', '-f', 'shop.yaml'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^shop.yaml:55:26: error port-invalid: .*; .*$/m)
    expect(stderr).toBe('1 error\n')
  })

  test('does not fail for warnings', async () => {
    const yaml =
      threeTiers + workload('x', { annotations: { tier: 'x', ports: '80', 'allow-from': 'wbe' }, ports: [80] })
    const { code, stdout } = await inFolder({ 'shop.yaml': yaml })(['lint', '-f', 'shop.yaml'])
    expect(code).toBe(0)
    expect(stdout).toContain('warning peer-unknown-tier')
  })

  test('writes JSON and SARIF', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers + broken })
    const json = await run(['lint', '-f', 'shop.yaml', '-o', 'json'])
    expect({ code: json.code, problems: JSON.parse(json.stdout) }).toMatchObject({
      code: 1,
      problems: { problems: [{ code: 'port-invalid', file: 'shop.yaml', line: 55 }] },
    })
    const sarif = await run(['lint', '-f', 'shop.yaml', '-o', 'sarif'])
    expect({ code: sarif.code, log: JSON.parse(sarif.stdout) }).toMatchObject({
      code: 1,
      log: { version: '2.1.0', runs: [{ results: [{ ruleId: 'port-invalid' }] }] },
    })
  })
})
