/** The commands that look at a cluster, beside the operator that works in it. */
import { describe, expect, test } from 'vitest'
import { makeReport } from '../../src/cli/live/report.ts'
import { changesIn } from '../../src/report/plan/index.ts'
import { inFolder, type Outcome } from '../cli/run.ts'
import { type Json, type Policy, writePolicy } from './cluster.ts'
import { withOperator } from './fixture.ts'
import { appTier, namespace, networkPolicy, workload } from './objects.ts'

const given = withOperator()

function tierwall(args: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return inFolder(files)([...args, '--kubeconfig', given.plane.access.kubeconfigFile])
}

/** As the command makes it, without a process of its own. */
async function plan(namespace: string) {
  const made = await makeReport({ kubeconfig: given.plane.access.kubeconfigFile, namespace })
  if ('trouble' in made) throw new Error(made.trouble.message)
  if ('problems' in made) return { problems: made.problems, namespaces: [], changes: [], notes: [] }
  const { report, notes } = made
  return { problems: report.problems, namespaces: report.namespaces, changes: changesIn(report), notes }
}

const threeTiers = (space: string, port = '5000') => [
  workload(space, 'web', { tier: 'web' }),
  workload(space, 'api', { tier: 'api', ports: port }),
  workload(space, 'db', { tier: 'db' }, { kind: 'StatefulSet' }),
]

async function settledShop(): Promise<string> {
  const space = await given.makeNamespace()
  await given.cluster.apply(...threeTiers(space))
  await given.cluster.expectSettled(space)
  return space
}

/** For tests that change nothing in it. */
let standing: Promise<string> | undefined
function shopThatStands(): Promise<string> {
  standing ??= settledShop()
  return standing
}

/** What became of each policy. */
function compareLists(before: readonly Policy[], after: readonly Policy[]) {
  const [was, is] = [before, after].map(list => new Map(list.map(policy => [policy.metadata.name, policy])))
  const names = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].sort()
  return names.flatMap(name => {
    const [one, other] = [was?.get(name), is?.get(name)]
    if (!other) return [{ verb: 'delete', name }]
    if (one?.metadata.resourceVersion === other.metadata.resourceVersion) return []
    return [{ verb: one ? 'change' : 'create', name, policy: writePolicy(other) }]
  })
}

/** While no operator runs: the change, what plan says of it, and then what the operator does. */
async function planAndSee(space: string, change: () => Promise<void>) {
  await given.operator().stop('SIGTERM')
  await change()
  const planned = await plan(space)
  const before = await given.cluster.policies(space)
  await given.restart()
  await given.cluster.expectSettled(space)
  const happened = compareLists(before, await given.cluster.policies(space))
  const said = planned.changes
    .map(change => ({
      verb: change.verb,
      name: change.name,
      ...(change.verb === 'delete' ? {} : { policy: writePolicy(change.after) }),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return { planned, said, happened }
}

const nothing = { problems: [], namespaces: [], changes: [], notes: [] }

describe('plan', () => {
  test('says exactly what the operator then does, and then that there is nothing to do', async () => {
    const space = await given.makeNamespace()
    const first = await planAndSee(space, () => given.cluster.apply(...threeTiers(space)))
    expect(first.said.map(({ verb, name }) => `${verb} ${name}`)).toEqual([
      'create tierwall-allow-dns',
      'create tierwall-api',
      'create tierwall-db.statefulset',
      'create tierwall-default-deny',
      'create tierwall-web',
    ])
    expect(first.happened).toEqual(first.said)
    expect(await plan(space)).toEqual(nothing)

    const second = await planAndSee(space, async () => {
      await given.cluster.apply(workload(space, 'api', { tier: 'api', ports: '5001' }))
      await given.cluster.apply(appTier(space, 'cache', { selector: { matchLabels: { role: 'cache' } } }))
      await given.cluster.remove('StatefulSet', space, 'db')
    })
    expect(second.said.map(({ verb, name }) => `${verb} ${name}`)).toEqual([
      'change tierwall-api',
      'create tierwall-cache.apptier',
      'delete tierwall-db.statefulset',
      'change tierwall-web',
    ])
    expect(second.happened).toEqual(second.said)
    expect(await plan(space)).toEqual(nothing)
  })

  test('says what somebody else’s hand would make the operator do', async () => {
    const space = await settledShop()
    const { said, happened } = await planAndSee(space, async () => {
      await given.cluster.patch('NetworkPolicy', space, 'tierwall-web', { spec: { ingress: [] } })
      await given.cluster.remove('NetworkPolicy', space, 'tierwall-default-deny')
    })
    expect(said.map(({ verb, name }) => `${verb} ${name}`)).toEqual([
      'create tierwall-default-deny',
      'change tierwall-web',
    ])
    expect(happened).toEqual(said)
  })

  test('says what a policy of others under a name of ours holds up', async () => {
    const space = await given.makeNamespace()
    await given.operator().stop('SIGTERM')
    await given.cluster.apply(networkPolicy(space, 'tierwall-web', { podSelector: { matchLabels: { app: 'x' } } }))
    await given.cluster.apply(workload(space, 'web', { tier: 'web' }))
    const { namespaces } = await plan(space)
    expect(namespaces).toMatchObject([
      { changes: [], notes: [expect.stringMatching(/^tierwall-web is somebody else's policy under a name that /)] },
    ])
    await given.restart()
  })

  test('with manifests shows what would change if they were applied, and touches nothing', async () => {
    const space = await shopThatStands()
    const before = await given.cluster.policies(space)
    const files = { 'api.json': JSON.stringify(workload(space, 'api', { tier: 'api', ports: '5001' })) }
    expect(await tierwall(['plan', '-n', space])).toMatchObject({ code: 0, stderr: '' })
    const { code, stdout } = await tierwall(['plan', '-f', 'api.json'], files)
    expect(code).toBe(2)
    expect(stdout).toContain(`namespace ${space}\n  ~ change tierwall-api\n`)
    expect(stdout).toMatch(/^ {4}- {7}- port: 5000\n {4}\+ {7}- port: 5001$/m)
    expect(stdout).toContain(`flows that open\n  + ${space}/web -> ${space}/api: 5001/TCP\n`)
    expect(stdout).toContain(`flows that are cut\n  - ${space}/web -> ${space}/api: 5000/TCP\n`)
    expect(await given.cluster.policies(space)).toEqual(before)

    const markdown = await tierwall(['plan', '-o', 'markdown', '-f', 'api.json'], files)
    expect(markdown.stdout).toContain('### Tierwall: 2 to change; 1 flow opens, 1 flow is cut')
  })

  test('with manifests of a namespace that is not there says so, and plans it all the same', async () => {
    const files = { 'web.json': JSON.stringify(workload('not-yet', 'web', { tier: 'web' })) }
    const { code, stdout, stderr } = await tierwall(['plan', '-f', 'web.json'], files)
    expect(code).toBe(2)
    expect(stdout).toContain('namespace not-yet\n  + create tierwall-web\n')
    expect(stderr).toBe('note: namespace not-yet is not in the cluster yet: apply would fail without it\n')
  })

  test('with manifests that have errors fails, and says what stays in force', async () => {
    const space = await shopThatStands()
    const files = { 'api.json': JSON.stringify(workload(space, 'api', { tier: 'api', ports: '99999' })) }
    const { code, stdout, stderr } = await tierwall(['plan', '-f', 'api.json'], files)
    expect(code).toBe(1)
    expect(stdout).toContain(`  ! Deployment ${space}/api has errors: what it said before them stays in force\n`)
    expect(stderr).toMatch(/^api\.json:1:\d+: error port-invalid: /)
  })

  test("goes by the operator's own configuration", async () => {
    const space = await shopThatStands()
    const metadata = { name: 'tierwall-config', namespace: 'tierwall-system' }
    const configured = (text: string): Json => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'config.yaml': text },
    })
    await given.cluster.apply(namespace('tierwall-system'), configured('isolation: audit'))
    const inAudit = await plan(space)
    expect(new Set(inAudit.changes.map(({ verb }) => verb))).toEqual(new Set(['delete']))
    expect(inAudit.namespaces[0]?.notes).toEqual([expect.stringContaining('the namespace is in audit')])
    await given.cluster.apply(configured('isolaton: audit'))
    expect((await plan(space)).problems).toMatchObject([{ code: 'configuration-invalid' }])
    await given.cluster.remove('ConfigMap', 'tierwall-system', 'tierwall-config')
    expect(await plan(space)).toEqual(nothing)
  })
})

describe('explain in a cluster', () => {
  test('goes by the policies that stand there', async () => {
    const space = await shopThatStands()
    const allowed = await tierwall(['explain', 'web', 'api', '-p', '5000', '-n', space])
    expect(allowed).toMatchObject({ code: 0, stderr: '' })
    expect(allowed.stdout).toMatch(/^ALLOWED web -> api:5000\/TCP\n.*allowed by tierwall-web\n/)
    expect(allowed.stdout).toContain('         because preset api: from web\n')
    const denied = await tierwall(['explain', 'web', 'db', '-p', '3306', '-n', space])
    expect(denied).toMatchObject({ code: 3, stderr: '' })
    expect(denied.stdout).toContain('isolated by tierwall-db.statefulset, tierwall-default-deny;')
    expect(denied.stdout).toContain(`    - write tierwall.dev/allow-from: "api, web" on StatefulSet ${space}/db\n`)
  })

  test('counts in the policies of others', async () => {
    const space = await settledShop()
    const everyone = { podSelector: {}, ingress: [{}], egress: [{}], policyTypes: ['Ingress', 'Egress'] }
    await given.cluster.apply(networkPolicy(space, 'open-all', everyone))
    const { code, stdout } = await tierwall(['explain', 'web', 'db', '-p', '3306', '-n', space])
    expect(code).toBe(0)
    expect(stdout).toContain(`allowed by NetworkPolicy ${space}/open-all\n`)
  })

  test('says so where the operator has still to write, and what will then be', async () => {
    const space = await settledShop()
    await given.operator().stop('SIGTERM')
    await given.cluster.apply(workload(space, 'api', { tier: 'api', ports: '5001' }))
    const { code, stdout, stderr } = await tierwall(['explain', 'web', 'api', '-p', '5001', '-n', space])
    expect(code).toBe(3)
    expect(stdout).toContain('  note: it will be allowed as soon as Tierwall has written its policies\n')
    expect(stdout).not.toContain('to open it')
    expect(stderr).toBe(
      'note: the policies are not yet as Tierwall would have them: 2 changes are outstanding, see tierwall plan\n',
    )
    await given.restart()
    await given.cluster.expectSettled(space)
    expect(await tierwall(['explain', 'web', 'api', '-p', '5001', '-n', space])).toMatchObject({ code: 0, stderr: '' })
  })

  test('finds ends in every namespace', async () => {
    const [one, other] = [await shopThatStands(), await settledShop()]
    const { code, stdout } = await tierwall(['explain', `${one}/web`, `${other}/tier:api`, '-A'])
    expect(code).toBe(3)
    expect(stdout).toMatch(new RegExp(`^DENIED ${one}/web -> ${other}/tier:api:5000/TCP\n`))
  })
})

describe('graph of a cluster', () => {
  test('draws the tiers of one namespace with whom they reach, or those of all', async () => {
    const [one, other] = [await shopThatStands(), await settledShop()]
    const single = await tierwall(['graph', '-n', one])
    expect(single).toMatchObject({ code: 0, stderr: '' })
    for (const tier of ['web<br/>80', 'api<br/>5000', 'db<br/>3306']) expect(single.stdout).toContain(tier)
    expect(single.stdout).toContain(`subgraph n1["namespace ${one}"]`)
    expect(single.stdout).toMatch(/o1 -->\|"80"\| t\d/)
    expect(single.stdout).not.toContain(other)
    const all = await tierwall(['graph', '-A', '-o', 'dot'])
    expect(all).toMatchObject({ code: 0, stderr: '' })
    expect(all.stdout).toContain(one)
    expect(all.stdout).toContain(other)
  })

  test('of a namespace without a tier says how to see the others', async () => {
    const space = await given.makeNamespace()
    const { code, stderr } = await tierwall(['graph', '-n', space])
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `note: namespace ${space} has no tier; -A draws every namespace\n`,
    })
  })
})
