/** The options with which live commands name a cluster, on a real API server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { type ClusterOptions, openCluster, withCluster } from '../../src/cli/cluster.ts'
import { explainFailure } from '../../src/cli/cluster-trouble.ts'
import { type SharedPlane, test } from '../controlplane/plane.ts'

/** A kubeconfig of two contexts: `here`, the current one, without a namespace, and `shop` with one. */
async function writeConfig(plane: SharedPlane, token = plane.access.token): Promise<string> {
  const config = parse(plane.kubeconfigFor({ token }))
  const [{ context }] = config.contexts
  const contexts = [
    { name: 'here', context },
    { name: 'shop', context: { ...context, namespace: 'shop' } },
  ]
  const folder = await mkdtemp(join(tmpdir(), 'tierwall-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'kubeconfig')
  await writeFile(file, stringify({ ...config, contexts, 'current-context': 'here' }))
  return file
}

async function namespaceFor(options: ClusterOptions): Promise<string | undefined> {
  const opened = await openCluster(options)
  if ('trouble' in opened) throw new Error(opened.trouble.message)
  await opened.connection.close()
  return opened.namespace
}

describe('a live command', () => {
  test("looks at the context's namespace, unless told otherwise", async ({ plane }) => {
    const kubeconfig = await writeConfig(plane)
    expect(await namespaceFor({ kubeconfig })).toBe('default')
    expect(await namespaceFor({ kubeconfig, context: 'shop' })).toBe('shop')
    expect(await namespaceFor({ kubeconfig, context: 'shop', namespace: 'data' })).toBe('data')
    expect(await namespaceFor({ kubeconfig, context: 'shop', allNamespaces: true })).toBeUndefined()
  })

  test('takes one namespace or all of them', () => {
    const run = (...args: string[]) => {
      const command = withCluster(new Command())
        .exitOverride()
        .configureOutput({ writeErr: () => {} })
      return command.parse(args, { from: 'user' }).opts()
    }
    expect(run('-n', 'shop', '--context', 'a', '--kubeconfig', 'b')).toEqual({
      namespace: 'shop',
      context: 'a',
      kubeconfig: 'b',
    })
    expect(run('-A')).toEqual({ allNamespaces: true })
    expect(() => run('-A', '-n', 'shop')).toThrow(/cannot be used with/)
  })

  test('has a connection that answers, and says what it may not do', async ({ plane }) => {
    const namespace = await plane.makeNamespace()
    await expect
      .poll(() => plane.request('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`))
      .toMatchObject({ status: 200 })
    const token = await plane.tokenFor({ namespace, name: 'default' })
    const kubeconfig = await writeConfig(plane, token)
    const opened = await openCluster({ kubeconfig })
    if ('trouble' in opened) throw new Error(opened.trouble.message)
    onTestFinished(() => opened.connection.close())
    const reply = await opened.connection.request({ method: 'GET', path: '/api/v1/nodes' })
    if (reply.ok) throw new Error('nobody gave it that right')
    expect(explainFailure(reply.failure, { options: { kubeconfig } })).toEqual({
      message: expect.stringMatching(/^you may not do this: nodes is forbidden: User "system:serviceaccount:/),
      fix: 'ask for the right, or name another --context or -n NAMESPACE',
    })
  })
})
