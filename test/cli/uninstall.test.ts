import { describe, expect, test } from 'vitest'
import { inFolder } from './run.ts'

const nowhere = { KUBECONFIG: '', HOME: '/nonexistent' }

describe('uninstall', () => {
  test('where nobody can be asked wants to be told that it may', async () => {
    expect(await inFolder({})(['uninstall'], { env: nowhere })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: nobody is there to be asked whether to remove the policies; add --yes\n',
    })
  })

  test('without a cluster says which file to write', async () => {
    for (const flag of ['--yes', '--dry-run'])
      expect(await inFolder({})(['uninstall', flag], { env: nowhere })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^error: no kubeconfig was found: set KUBECONFIG, or write ~\/.kube\/config; /),
      })
  })

  test('takes one namespace or all of them', async () => {
    const { code, stderr } = await inFolder({})(['uninstall', '-A', '-n', 'shop'], { env: nowhere })
    expect(code).toBe(1)
    expect(stderr).toContain("'-A, --all-namespaces' cannot be used with")
  })

  test('shows an example in its help', async () => {
    expect((await inFolder({})(['uninstall', '--help'])).stdout).toMatch(
      /Examples:\n {2}\$ tierwall uninstall --dry-run\n/,
    )
  })
})
