import { describe, expect, test } from 'vitest'
import { threeTiers } from '../report/shop.ts'
import { inFolder } from './run.ts'

const nowhere = { KUBECONFIG: '', HOME: '/nonexistent' }

describe('without a cluster', () => {
  test('plan says which file to write, also with manifests', async () => {
    const run = inFolder({ 'shop.yaml': threeTiers })
    for (const more of [[], ['-f', 'shop.yaml']])
      expect(await run(['plan', ...more], { env: nowhere })).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^error: no kubeconfig was found: set KUBECONFIG, or write ~\/.kube\/config; /),
      })
  })

  test.each([['explain', 'web', 'db'], ['graph']])('%s says that manifests would do', async (...command) => {
    expect(await inFolder({})(command, { env: nowhere })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/; without a cluster, give manifests with -f\n$/),
    })
  })
})

describe('plan', () => {
  test('says what a namespace can be', async () => {
    const run = inFolder({})
    expect(await run(['plan', '-n', 'No_Such'], { env: nowhere })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: 'No_Such' cannot be a namespace; write /),
    })
  })

  test('shows an example in its help', async () => {
    expect((await inFolder({})(['plan', '--help'])).stdout).toMatch(/Examples:\n {2}\$ tierwall plan -A\n/)
  })
})
