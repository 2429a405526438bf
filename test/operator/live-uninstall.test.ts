/** Uninstall, beside the operator and after it. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openCluster } from '../../src/cli/cluster.ts'
import { removePolicies } from '../../src/cli/live/uninstall/index.ts'
import { systemClock } from '../../src/cluster/index.ts'
import { inFolder, type Outcome } from '../cli/run.ts'
import { read } from '../controlplane/read.ts'
import { eventually } from './cluster.ts'
import { withOperator } from './fixture.ts'
import { appTier, networkPolicy, workload } from './objects.ts'

const given = withOperator()

function uninstall(...args: string[]): Promise<Outcome> {
  return inFolder({})(['uninstall', ...args, '--kubeconfig', given.plane.access.kubeconfigFile])
}

const names = async (space: string) => (await given.cluster.policies(space)).map(({ metadata }) => metadata.name)

const ours = ['tierwall-allow-dns', 'tierwall-api', 'tierwall-db.apptier', 'tierwall-default-deny', 'tierwall-web']

async function settledShop(): Promise<string> {
  const space = await given.makeNamespace()
  await given.cluster.apply(workload(space, 'web', { tier: 'web' }), workload(space, 'api', { tier: 'api' }))
  await given.cluster.apply(appTier(space, 'db', { selector: { matchLabels: { role: 'db' } } }))
  await given.cluster.expectSettled(space)
  expect(await names(space)).toEqual(ours)
  return space
}

const event = z.object({
  type: z.string(),
  object: z.object({ metadata: z.object({ name: z.string(), resourceVersion: z.string() }) }),
})

/** The policies that were deleted since then, in the order of their last revisions. */
async function deletedSince(space: string, resourceVersion: string): Promise<readonly string[]> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${space}/networkpolicies`
  const { body } = await given.plane.request(
    'GET',
    `${path}?watch=true&resourceVersion=${resourceVersion}&timeoutSeconds=1`,
  )
  const lines = typeof body === 'string' ? body.trim().split('\n') : [JSON.stringify(body)]
  return lines
    .map(line => event.parse(JSON.parse(line)))
    .filter(({ type }) => type === 'DELETED')
    .map(({ object }) => object.metadata)
    .sort((a, b) => Number(a.resourceVersion) - Number(b.resourceVersion))
    .map(({ name }) => name)
}

async function revision(): Promise<string> {
  const list = z.object({ metadata: z.object({ resourceVersion: z.string() }) })
  return (await read(given.plane, '/apis/networking.k8s.io/v1/networkpolicies', list)).metadata.resourceVersion
}

const lease = z.object({ spec: z.object({ holderIdentity: z.string() }) })
const leasePath = '/apis/coordination.k8s.io/v1/namespaces/default/leases/tierwall-operator'
const holder = async () => (await read(given.plane, leasePath, lease)).spec.holderIdentity

describe('uninstall', () => {
  test('refuses while an operator is at work, and says who it is and how to stop it', async () => {
    const space = await settledShop()
    const { code, stdout, stderr } = await uninstall('--yes')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    const identity = await holder()
    expect(stderr).toContain(`${identity} holds the Lease default/tierwall-operator`)
    expect(stderr).toContain('kubectl -n default scale deployment tierwall-operator --replicas=0')
    expect(await names(space)).toEqual(ours)
    await given.cluster.expectSettled(space)
  })

  test('of one namespace leaves the others', async () => {
    const [one, other] = [await settledShop(), await settledShop()]
    await given.operator().stop('SIGTERM')
    const { code, stdout, stderr } = await uninstall('--yes', '-n', one)
    expect(code).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(5)
    expect(stderr).toContain(`kubectl annotate namespace ${one} tierwall.dev/isolation=off`)
    expect(await names(one)).toEqual([])
    expect(await names(other)).toEqual(ours)
    await given.restart()
    await given.cluster.expectSettled(one, other)
  })

  test('afterwards takes all that Tierwall wrote, deny first, and nothing else', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(...['web', 'api', 'db'].map(tier => workload(space, tier, { tier })))
    await given.cluster.expectSettled(space)
    await given.operator().stop('SIGTERM')

    const dry = await uninstall('--dry-run')
    expect(dry.code).toBe(0)
    expect(dry.stdout).toContain(
      `would remove ${space}/tierwall-default-deny\nwould remove ${space}/tierwall-allow-dns\n`,
    )
    expect(await names(space)).toHaveLength(5)

    const before = await revision()
    const { code, stdout, stderr } = await uninstall('--yes')
    expect(code).toBe(0)
    expect(stdout.match(new RegExp(`(?<=^removed ${space}/).*$`, 'gm'))).toHaveLength(5)
    expect(await names(space)).toEqual([])
    const order = await deletedSince(space, before)
    expect(order.slice(0, 2)).toEqual(['tierwall-default-deny', 'tierwall-allow-dns'])
    expect(order.slice(2).sort()).toEqual(['tierwall-api', 'tierwall-db', 'tierwall-web'])

    expect(stderr).toContain('kubectl delete crd apptiers.tierwall.dev')
    expect(stderr).not.toContain('validatingadmissionpolicy')
    expect(await holder()).toBe('')
    expect(await uninstall('--yes')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('there is no policy that Tierwall wrote\n'),
    })
  })

  test('leaves policies of others, also those that look like its own', async () => {
    await given.restart()
    const space = await settledShop()
    const spec = { podSelector: { matchLabels: { app: 'web' } } }
    const copy = networkPolicy(space, 'tierwall-copy', spec)
    const labels = { 'app.kubernetes.io/managed-by': 'tierwall' }
    await given.cluster.apply(
      { ...copy, metadata: { ...copy.metadata, labels } },
      networkPolicy(space, 'by-hand', spec),
    )
    await given.operator().stop('SIGTERM')
    const { code, stdout } = await uninstall('--yes', '-n', space)
    expect(code).toBe(0)
    expect(stdout.trim().split('\n').sort()).toEqual(ours.map(name => `removed ${space}/${name}`))
    // Also what stood in for others on the way is gone.
    expect(await names(space)).toEqual(['by-hand', 'tierwall-copy'])
  })

  test('asks before it removes anything, and takes no for an answer', async () => {
    await given.restart()
    const space = await settledShop()
    await given.operator().stop('SIGTERM')
    const opened = await openCluster({ kubeconfig: given.plane.access.kubeconfigFile })
    if ('trouble' in opened) throw new Error(opened.trouble.message)
    const { connection } = opened
    const questions: string[] = []
    const removed = await removePolicies({
      connection,
      options: {},
      namespace: space,
      operatorNamespace: undefined,
      dryRun: false,
      signal: new AbortController().signal,
      print: () => {},
      tell: () => {},
      confirm: async question => {
        questions.push(question)
        return false
      },
    })
    await connection.close()
    expect(removed).toMatchObject({ trouble: { message: 'nothing was removed' } })
    expect(questions).toEqual([`remove 5 NetworkPolicies in namespace ${space}? Whatever they deny is open then.`])
    expect(await names(space)).toEqual(ours)
    expect(await holder()).toBe('')
  })

  test('takes the Lease of an operator that was killed, when it has run out', async () => {
    await given.restart()
    const space = await settledShop()
    await given.operator().stop('SIGKILL')
    const killed = await holder()
    const started = systemClock.monotonic()
    const { code, stderr } = await uninstall('--yes')
    expect(code).toBe(0)
    expect(stderr).toContain(`${killed} holds the Lease default/tierwall-operator: waiting up to 15 s`)
    expect(systemClock.monotonic() - started).toBeGreaterThan(14_000)
    expect(await names(space)).toEqual([])
  })

  test('works when the definition of AppTier is gone', async () => {
    await given.restart()
    const space = await settledShop()
    await given.operator().stop('SIGTERM')
    const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/apptiers.tierwall.dev'
    await given.plane.request('DELETE', definition)
    await eventually(async () => expect(await given.plane.request('GET', definition)).toMatchObject({ status: 404 }))
    const { code, stderr } = await uninstall('--yes')
    expect(code).toBe(0)
    expect(stderr).not.toContain('crd')
    expect(await names(space)).toEqual([])
  })
})
