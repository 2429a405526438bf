import { describe, expect, test } from 'vitest'
import { eventually, type Policy, staysTrue, writePolicy } from './cluster.ts'
import { withOperator } from './fixture.ts'
import { appTier, namespace, networkPolicy, workload } from './objects.ts'
import { startRecorder } from './revisions/recorder.ts'
import type { Recording } from './revisions/recording.ts'

const given = withOperator([], { judged: true })
const names = async (space: string) => (await given.cluster.policies(space)).map(({ metadata }) => metadata.name)

/** web → api → db by annotations, and the policies that stand when all is done. */
async function threeTiers(): Promise<string> {
  const space = await given.makeNamespace()
  await given.cluster.apply(
    workload(space, 'web', { tier: 'web' }),
    workload(space, 'api', { tier: 'api' }),
    workload(space, 'db', { tier: 'db' }, { kind: 'StatefulSet' }),
  )
  await given.cluster.expectSettled(space)
  return space
}

const settled = [
  'tierwall-allow-dns',
  'tierwall-api',
  'tierwall-db.statefulset',
  'tierwall-default-deny',
  'tierwall-web',
]

async function findPolicy(space: string, name: string): Promise<Policy> {
  const found = (await given.cluster.policies(space)).find(({ metadata }) => metadata.name === name)
  if (!found) throw new Error(`there is no ${name} in ${space}`)
  return found
}

/** Milliseconds without a policy of a name that was used again, by name. */
function restsIn({ events }: Recording): ReadonlyMap<string, readonly number[]> {
  const rests = new Map<string, number[]>()
  const left = new Map<string, number>()
  for (const { at, deleted, object } of events.filter(({ object }) => object.kind === 'NetworkPolicy')) {
    const since = left.get(object.name)
    if (deleted) left.set(object.name, at)
    else if (since !== undefined && left.delete(object.name))
      rests.set(object.name, [...(rests.get(object.name) ?? []), at - since])
  }
  return rests
}

describe('the policies are what render gives', () => {
  test('for three tiers by annotation', async () => {
    expect(await names(await threeTiers())).toEqual(settled)
  })

  test('for three tiers by AppTier', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(
      ...['web', 'api', 'db'].map(tier => appTier(space, tier, { selector: { matchLabels: { app: tier } } })),
      ...['web', 'api', 'db'].map(name => workload(space, name, {})),
    )
    await given.cluster.expectSettled(space)
    expect(await names(space)).toContain('tierwall-db.apptier')
  })

  test('for tiers by both', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(
      workload(space, 'web', { tier: 'web' }),
      workload(space, 'api', { tier: 'api' }),
      appTier(space, 'api', { ports: [{ port: 8443 }], from: [{ tier: 'web' }] }),
      appTier(space, 'db', { selector: { matchLabels: { app: 'db' } } }),
    )
    await given.cluster.expectSettled(space)
    expect(JSON.stringify((await findPolicy(space, 'tierwall-api')).spec)).toContain('8443')
  })
})

describe('an annotation', () => {
  test('that is changed changes the policy and those of its neighbours', async () => {
    const space = await threeTiers()
    await given.cluster.apply(workload(space, 'api', { tier: 'api', ports: '8080' }))
    await eventually(async () =>
      expect(JSON.stringify((await findPolicy(space, 'tierwall-web')).spec)).toContain('8080'),
    )
    await given.cluster.expectSettled(space)
  })

  test('that is taken away takes its policy away, and the last one all of them', async () => {
    const space = await threeTiers()
    await given.cluster.apply(workload(space, 'db', {}, { kind: 'StatefulSet' }))
    await given.cluster.expectSettled(space)
    expect(await names(space)).not.toContain('tierwall-db.statefulset')
    await given.cluster.apply(workload(space, 'web', {}), workload(space, 'api', {}))
    await eventually(async () => expect(await names(space)).toEqual([]))
  })

  test('of another app moves the tier', async () => {
    const space = await threeTiers()
    await given.cluster.apply(workload(space, 'api', { tier: 'api', app: 'other' }))
    await given.cluster.expectSettled(space)
    expect(await names(space)).toContain('tierwall-other.api')
  })
})

describe('a workload', () => {
  test('that is deleted leaves nothing behind', async () => {
    const space = await threeTiers()
    await given.cluster.remove('Deployment', space, 'api')
    await eventually(async () => expect(await names(space)).not.toContain('tierwall-api'))
    await given.cluster.expectSettled(space)
  })

  test('that is deleted and created again within two seconds keeps its policy as it is', async () => {
    const space = await threeTiers()
    const before = await findPolicy(space, 'tierwall-api')
    await given.cluster.remove('Deployment', space, 'api')
    await new Promise(resolve => setTimeout(resolve, 500))
    await given.cluster.apply(workload(space, 'api', { tier: 'api' }))
    await staysTrue(async () => expect(await findPolicy(space, 'tierwall-api')).toEqual(before), 3_000)
  })

  test('that comes again under another name, or with other labels, gets its own policy', async () => {
    const space = await threeTiers()
    await given.cluster.remove('Deployment', space, 'api')
    await given.cluster.apply(workload(space, 'api', { tier: 'api' }, { selector: { app: 'api', version: 'two' } }))
    await given.cluster.remove('Deployment', space, 'web')
    await given.cluster.apply(workload(space, 'front', { tier: 'web' }))
    await given.cluster.expectSettled(space)
    expect(await names(space)).toContain('tierwall-web-front')
    expect(JSON.stringify((await findPolicy(space, 'tierwall-api')).spec)).toContain('two')
  })
})

describe('an AppTier', () => {
  test('counts as soon as it is there, as it is edited, and until it is deleted', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(
      workload(space, 'web', {}),
      appTier(space, 'web', { selector: { matchLabels: { app: 'web' } } }),
    )
    await given.cluster.expectSettled(space)
    await given.cluster.apply(
      appTier(space, 'web', { selector: { matchLabels: { app: 'web' } }, ports: [{ port: 8080 }] }),
    )
    await given.cluster.expectSettled(space)
    expect(JSON.stringify((await findPolicy(space, 'tierwall-web.apptier')).spec)).toContain('8080')
    await given.cluster.remove('AppTier', space, 'web')
    await eventually(async () => expect(await names(space)).toEqual([]))
  })
})

describe('a namespace', () => {
  test('is enforced, then audited, then off, then enforced again', async () => {
    const space = await threeTiers()
    for (const mode of ['audit', 'off']) {
      await given.cluster.apply(namespace(space, { isolation: mode }))
      await eventually(async () => expect(await names(space)).toEqual([]))
      await given.cluster.apply(namespace(space, { isolation: 'enforce' }))
      await eventually(async () => expect(await names(space)).toEqual(settled))
    }
    await given.cluster.expectSettled(space)
  })

  test('that is deleted and created again gets its policies again', async () => {
    const space = await threeTiers()
    await given.cluster.remove('Namespace', '', space)
    await eventually(async () => expect(await given.cluster.get('Namespace', '', space)).toBeUndefined(), 40_000)
    await given.cluster.apply(namespace(space), workload(space, 'web', { tier: 'web' }))
    await given.cluster.expectSettled(space)
    expect(await names(space)).toContain('tierwall-web')
  })
})

describe('a policy of ours', () => {
  const hands: readonly [string, (space: string) => Promise<void>][] = [
    [
      'edited',
      space => given.cluster.patch('NetworkPolicy', space, 'tierwall-db.statefulset', { spec: { ingress: [{}] } }),
    ],
    ['deleted', space => given.cluster.remove('NetworkPolicy', space, 'tierwall-default-deny')],
    [
      'relabelled',
      space =>
        given.cluster.patch('NetworkPolicy', space, 'tierwall-api', {
          metadata: { labels: { 'app.kubernetes.io/managed-by': null, 'tierwall.dev/tier': 'other' } },
        }),
    ],
  ]
  test.each(hands)('that is %s by hand is repaired within a second', async (_, act) => {
    const space = await threeTiers()
    const standing = async () => (await given.cluster.policies(space)).map(writePolicy)
    const before = await standing()
    await act(space)
    const since = performance.now()
    await eventually(async () => expect(await standing()).toEqual(before))
    expect(performance.now() - since).toBeLessThan(1_000)
    await given.cluster.expectSettled(space)
  })

  test('is not created so soon after one of its name was deleted that a network plugin may take the two for one', async () => {
    const space = await threeTiers()
    const recorder = await startRecorder(given.plane.access, { namespaces: [space] })
    await given.cluster.remove('NetworkPolicy', space, 'tierwall-api')
    await eventually(async () => expect(await names(space)).toEqual(settled))
    await given.cluster.apply(namespace(space, { isolation: 'off' }))
    await eventually(async () => expect(await names(space)).toEqual([]))
    await given.cluster.apply(namespace(space, { isolation: 'enforce' }))
    await given.cluster.expectSettled(space)
    const rests = restsIn(await recorder.stop())
    expect([...rests.keys()].sort()).toEqual(settled)
    // A busy machine sees the deletion late; without a rest it takes some ten milliseconds.
    expect(Math.min(...[...rests.values()].flat())).toBeGreaterThan(100)
  })

  test('keeps the labels, annotations and finalizers that others put on it', async () => {
    const space = await threeTiers()
    const others = { labels: { team: 'a' }, annotations: { note: 'b' } }
    await given.cluster.patch('NetworkPolicy', space, 'tierwall-api', { metadata: others })
    await given.cluster.apply(workload(space, 'api', { tier: 'api', ports: '8080' }))
    await eventually(async () =>
      expect(JSON.stringify((await findPolicy(space, 'tierwall-api')).spec)).toContain('8080'),
    )
    expect(await findPolicy(space, 'tierwall-api')).toMatchObject({ metadata: others })
  })
})

describe('a policy of somebody else', () => {
  const open = { podSelector: { matchLabels: { app: 'web' } }, ingress: [{}], policyTypes: ['Ingress'] }

  test('under one of our names is not touched, and no deny comes that would cut the tier off', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(networkPolicy(space, 'tierwall-web', open))
    const before = await findPolicy(space, 'tierwall-web')
    await given.cluster.apply(workload(space, 'web', { tier: 'web' }), workload(space, 'api', { tier: 'api' }))
    await eventually(async () => expect(await names(space)).toContain('tierwall-api'))
    await staysTrue(async () => expect(await findPolicy(space, 'tierwall-web')).toEqual(before), 1_000)
    expect(await names(space)).toEqual(['tierwall-api', 'tierwall-web'])
  })

  test('that is a copy of one of ours is not touched, whatever its labels say', async () => {
    const space = await threeTiers()
    const { metadata, spec } = await findPolicy(space, 'tierwall-web')
    const { labels, annotations } = metadata
    const copy = networkPolicy(space, 'tierwall-web-copy', spec)
    await given.cluster.apply({ ...copy, metadata: { ...copy.metadata, labels, annotations } })
    await given.cluster.apply(workload(space, 'web', {}), workload(space, 'api', {}))
    await given.cluster.apply(workload(space, 'db', {}, { kind: 'StatefulSet' }))
    await eventually(async () => expect(await names(space)).toEqual(['tierwall-web-copy']))
  })
})

describe('bad input', () => {
  test('keeps the last good policies until it is mended, and stops no other tier', async () => {
    const space = await threeTiers()
    const before = await findPolicy(space, 'tierwall-api')
    await given.cluster.apply(workload(space, 'api', { tier: 'api', ports: '80-79' }))
    await given.cluster.apply(workload(space, 'web', { tier: 'web', ports: '8000' }))
    await eventually(async () =>
      expect(JSON.stringify((await findPolicy(space, 'tierwall-web')).spec)).toContain('8000'),
    )
    expect(await findPolicy(space, 'tierwall-api')).toEqual(before)
    // Its neighbours go on as if nothing had happened.
    expect(JSON.stringify((await findPolicy(space, 'tierwall-web')).spec)).toContain('5000')
    expect(await names(space)).toEqual(settled)
    await given.restart()
    await staysTrue(async () => expect(await findPolicy(space, 'tierwall-api')).toEqual(before), 1_000)
    await given.cluster.apply(workload(space, 'api', { tier: 'api', ports: '7000' }))
    await given.cluster.expectSettled(space)
    expect(JSON.stringify((await findPolicy(space, 'tierwall-api')).spec)).toContain('7000')
  })

  test('that never parsed writes nothing', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(workload(space, 'web', { tier: 'Web!' }))
    await staysTrue(async () => expect(await names(space)).toEqual([]), 1_500)
  })

  test('of a namespace leaves everything there as it is', async () => {
    const space = await threeTiers()
    await given.cluster.apply(namespace(space, { isolation: 'audti' }))
    await staysTrue(async () => expect(await names(space)).toEqual(settled), 1_500)
  })

  test('goes with its object', async () => {
    const space = await threeTiers()
    await given.cluster.apply(workload(space, 'api', { tier: 'api', ports: 'x y' }))
    await given.cluster.remove('Deployment', space, 'api')
    await eventually(async () => expect(await names(space)).not.toContain('tierwall-api'))
  })
})

describe('what every tier needs', () => {
  test('follows DNS when it moves', async () => {
    const space = await threeTiers()
    const port = (number: number) => [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: number },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: number },
    ]
    const service = (number: number) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
      spec: { selector: { 'k8s-app': 'core' }, ports: port(number) },
    })
    await given.cluster.apply(service(5353))
    await eventually(async () =>
      expect(JSON.stringify((await findPolicy(space, 'tierwall-allow-dns')).spec)).toContain('5353'),
    )
    await given.cluster.expectSettled(space)
    await given.cluster.remove('Service', 'kube-system', 'kube-dns')
    await given.cluster.expectSettled(space)
  })

  test('is known before anything is written, also where only a namespace tells where DNS is', async () => {
    const dns = { kind: 'Service', namespace: 'openshift-dns', name: 'dns-default' }
    const { namespace: home, name } = dns
    const ports = ['UDP', 'TCP'].map(protocol => ({
      name: protocol.toLowerCase(),
      port: 53,
      protocol,
      targetPort: 5353,
    }))
    const spec = { selector: { dns: 'default' }, ports }
    await given.cluster.apply(namespace(home), {
      apiVersion: 'v1',
      kind: dns.kind,
      metadata: { namespace: home, name },
      spec,
    })
    // News of a namespace and news of its Services come by watches of their own, in any order.
    await given.restart('SIGTERM')
    const space = await threeTiers()
    const before = await given.cluster.policies(space)
    expect(JSON.stringify(before)).toContain('5353')
    for (let round = 0; round < 2; round++) {
      await given.restart('SIGTERM')
      await staysTrue(async () => expect(await given.cluster.policies(space)).toEqual(before), 300)
    }
    await given.cluster.remove(dns.kind, home, name)
    await given.cluster.remove('Namespace', '', home)
    await given.cluster.expectSettled(space)
  })

  test('follows the endpoints of the API server', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(workload(space, 'agent', { tier: 'agent', 'allow-to': 'kube-apiserver' }))
    await given.cluster.expectSettled(space)
    await given.cluster.apply({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'kubernetes-2', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['192.0.2.77'] }],
      ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    })
    await eventually(async () =>
      expect(JSON.stringify((await findPolicy(space, 'tierwall-agent')).spec)).toContain('192.0.2.77'),
    )
    await given.cluster.remove('EndpointSlice', 'default', 'kubernetes-2')
    await given.cluster.expectSettled(space)
  })
})

describe('consent across namespaces', () => {
  test('opens when both have said so, and shuts when one takes it back', async () => {
    const [here, there] = [await given.makeNamespace(), await given.makeNamespace()]
    await given.cluster.apply(
      workload(here, 'api', { tier: 'api', 'allow-from': `web.${there}` }),
      workload(there, 'web', { tier: 'web' }),
    )
    await given.cluster.expectSettled(here, there)
    expect(JSON.stringify((await findPolicy(here, 'tierwall-api')).spec)).not.toContain(there)
    await given.cluster.apply(workload(there, 'web', { tier: 'web', 'allow-to': `api.${here}` }))
    await eventually(async () => expect(JSON.stringify((await findPolicy(here, 'tierwall-api')).spec)).toContain(there))
    await given.cluster.expectSettled(here, there)
    await given.cluster.apply(workload(there, 'web', { tier: 'web' }))
    await eventually(async () =>
      expect(JSON.stringify((await findPolicy(here, 'tierwall-api')).spec)).not.toContain(there),
    )
    await given.cluster.expectSettled(here, there)
  })
})
