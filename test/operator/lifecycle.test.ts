import { describe, expect, test } from 'vitest'
import { makeCustomResourceDefinition } from '../../src/api/crd.ts'
import { eventually, staysTrue } from './cluster.ts'
import { withOperator } from './fixture.ts'
import { appTier, networkPolicy, workload } from './objects.ts'
import { runOperator, shortLease } from './operator.ts'

const given = withOperator([], { judged: true })
const names = async (space: string) => (await given.cluster.policies(space)).map(({ metadata }) => metadata.name)
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

describe('an operator that is killed', () => {
  test('at any moment leaves what the next one makes whole', async () => {
    const space = await given.makeNamespace()
    for (let round = 0; round < 4; round++) {
      const tiers = Array.from({ length: 10 }, (_, index) =>
        workload(space, `tier${index}`, {
          tier: `tier${index}`,
          ports: `${8000 + round}`,
          'allow-from': `tier${(index + 1 + round) % 10}`,
        }),
      )
      const applied = given.cluster.apply(...tiers)
      await new Promise(resolve => setTimeout(resolve, 20 + 40 * round))
      const [restarted] = await Promise.all([given.restart('SIGKILL'), applied])
      expect(restarted.ended()).toBe(false)
      await given.cluster.expectSettled(space)
    }
  })

  test('and finds nothing changed writes nothing', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(workload(space, 'web', { tier: 'web' }), appTier(space, 'db'))
    await given.cluster.expectSettled(space)
    const before = await given.cluster.policies(space)
    const status = await eventually(async () => {
      const object = await given.cluster.get('AppTier', space, 'db')
      expect(object?.status).toBeDefined()
      return object
    })
    await given.restart('SIGTERM')
    await staysTrue(async () => expect(await given.cluster.policies(space)).toEqual(before), 1_000)
    expect(await given.cluster.get('AppTier', space, 'db')).toEqual(status)
  })
})

describe('of two replicas', () => {
  test('the other one takes over when the leader is killed', async () => {
    const space = await given.makeNamespace()
    const second = runOperator(given.plane.access.kubeconfigFile, shortLease)
    try {
      await new Promise(resolve => setTimeout(resolve, 2_000))
      await given.operator().stop('SIGKILL')
      await given.cluster.apply(workload(space, 'web', { tier: 'web' }))
      await second.ready()
      await given.cluster.expectSettled(space)
      expect(await names(space)).toContain('tierwall-web')
    } finally {
      await second.stop('SIGTERM')
      await given.restart()
    }
  })

  test('the leader that was frozen past its Lease ends without a write when it wakes', async () => {
    const space = await given.makeNamespace()
    const first = given.operator()
    const second = runOperator(given.plane.access.kubeconfigFile, shortLease)
    try {
      await given.cluster.apply(workload(space, 'web', { tier: 'web' }))
      await given.cluster.expectSettled(space)
      first.signal('SIGSTOP')
      // In its way already when it wakes: what it has to do then is what it must not do.
      await given.cluster.apply(workload(space, 'web', { tier: 'web', ports: '8000' }))
      await second.ready()
      await given.cluster.expectSettled(space)
      await given.cluster.apply(workload(space, 'web', { tier: 'web', ports: '9000' }))
      await given.cluster.expectSettled(space)
      const before = await given.cluster.policies(space)
      first.signal('SIGCONT')
      await eventually(() => expect(first.ended()).toBe(true))
      await staysTrue(async () => expect(await given.cluster.policies(space)).toEqual(before), 1_000)
      expect(first.log.filter(({ msg }) => msg.startsWith('policy'))).toHaveLength(3)
    } finally {
      first.signal('SIGCONT')
      await second.stop('SIGTERM')
      await given.restart()
    }
  })
})

describe('the definition of AppTier', () => {
  test('may go and come back: what AppTiers asked for is held meanwhile, also over a restart', async () => {
    const space = await given.makeNamespace()
    const tier = appTier(space, 'web', { selector: { matchLabels: { app: 'web' } } })
    await given.cluster.apply(
      tier,
      workload(space, 'api', { tier: 'api' }),
      workload(space, 'old', { tier: 'old', ports: '80' }),
    )
    await given.cluster.expectSettled(space)
    const before = await given.cluster.policies(space)
    const { status } = await given.plane.request('DELETE', `${definitions}/apptiers.tierwall.dev`)
    expect(status).toBe(200)
    await staysTrue(async () => expect(await given.cluster.policies(space)).toEqual(before), 4_000)
    await given.restart()
    await staysTrue(async () => expect(await given.cluster.policies(space)).toEqual(before), 1_000)
    // Everybody else goes on: the api tier still names web as its client.
    await given.cluster.apply(workload(space, 'api', { tier: 'api', ports: '7000' }))
    await eventually(async () => expect(JSON.stringify(await given.cluster.policies(space))).toContain('7000'))
    await given.cluster.remove('Deployment', space, 'old')
    await eventually(async () => expect(await names(space)).not.toContain('tierwall-old'))
    expect(await names(space)).toContain('tierwall-web.apptier')
    await given.plane.request('POST', definitions, { body: makeCustomResourceDefinition() })
    await eventually(() => given.cluster.apply(tier))
    await given.cluster.expectSettled(space)
    await given.cluster.remove('AppTier', space, 'web')
    await eventually(async () => expect(await names(space)).not.toContain('tierwall-web.apptier'), 30_000)
  })
})

describe('a definition of AppTier that is deleted and created at once', () => {
  test('is noticed, and its new AppTiers count', async () => {
    const space = await given.makeNamespace()
    const tier = (port: number) =>
      appTier(space, 'web', { selector: { matchLabels: { app: 'web' } }, ports: [{ port }] })
    await given.cluster.apply(tier(8000))
    await given.cluster.expectSettled(space)
    await given.plane.request('DELETE', `${definitions}/apptiers.tierwall.dev`)
    await eventually(async () => {
      const { status } = await given.plane.request('POST', definitions, { body: makeCustomResourceDefinition() })
      expect(status).toBe(201)
    })
    await eventually(() => given.cluster.apply(tier(9000)))
    await eventually(async () => expect(JSON.stringify(await given.cluster.policies(space))).toContain('9000'), 30_000)
    await given.cluster.expectSettled(space)
  })
})

describe('names that change with a version', () => {
  test('leave no old policy behind', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(workload(space, 'web', { tier: 'web' }))
    await given.cluster.expectSettled(space)
    // As an older version would have written it: same manager, another name.
    const { spec } =
      (await given.cluster.policies(space)).find(({ metadata }) => metadata.name === 'tierwall-web') ?? {}
    const body = networkPolicy(space, 'tierwall-v0-web', spec ?? {})
    const path = `/apis/networking.k8s.io/v1/namespaces/${space}/networkpolicies?fieldManager=tierwall`
    expect((await given.plane.request('POST', path, { body })).status).toBe(201)
    await eventually(async () => expect(await names(space)).not.toContain('tierwall-v0-web'))
    await given.cluster.expectSettled(space)
  })
})
