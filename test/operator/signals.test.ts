import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eventually, staysTrue } from './cluster.ts'
import { readEvents } from './events.ts'
import { withOperator } from './fixture.ts'
import { appTier, namespace, networkPolicy, workload } from './objects.ts'

const given = withOperator([], { judged: true })

const withStatus = z.looseObject({
  metadata: z.looseObject({ generation: z.number() }),
  status: z.looseObject({
    observedGeneration: z.number(),
    workloadCount: z.number(),
    workloads: z.array(z.string()),
    policies: z.array(z.string()),
    conditions: z.array(
      z.looseObject({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }),
    ),
  }),
})

async function statusOf(space: string, name: string) {
  const { metadata, status } = withStatus.parse(await given.cluster.get('AppTier', space, name))
  expect(status.observedGeneration).toBe(metadata.generation)
  const conditions = Object.fromEntries(
    status.conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]),
  )
  const messages = Object.fromEntries(status.conditions.map(({ type, message }) => [type, message]))
  return { ...status, conditions, messages }
}

async function eventsIn(space: string): Promise<readonly string[]> {
  const told = await readEvents(given.plane, space)
  return told.map(({ regarding, reason, note }) => `${regarding.kind}/${regarding.name} ${reason}: ${note}`)
}

describe('the status of an AppTier', () => {
  test('says what it covers and what was written', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(
      workload(space, 'web', {}),
      appTier(space, 'web', { selector: { matchLabels: { app: 'web' } } }),
    )
    const status = await eventually(async () => {
      const status = await statusOf(space, 'web')
      expect(status.workloads).toEqual(['Deployment/web'])
      return status
    })
    expect(status.conditions).toMatchObject({
      Accepted: expect.stringMatching('True'),
      PeersResolved: expect.stringMatching('True'),
    })
    expect(status.conditions.Ready).toMatch('True')
    expect(status.policies).toContain('tierwall-web.apptier')
  })

  test('does not mind peers that are not there yet', async () => {
    const space = await given.makeNamespace()
    const selector = { matchLabels: { app: 'web' } }
    await given.cluster.apply(appTier(space, 'web', { selector, from: [{ named: 'nobody-defined-this' }] }))
    await eventually(async () => expect((await statusOf(space, 'web')).conditions.PeersResolved).toMatch('False'))
    expect((await statusOf(space, 'web')).conditions.Ready).toMatch('True')
  })

  test('names the field and the fix where it is wrong, is stalled, and heals', async () => {
    const space = await given.makeNamespace()
    const selector = { matchLabels: { app: 'cache' } }
    // Each field is right by itself, so the API server takes it: but nothing says which ports.
    await given.cluster.apply(appTier(space, 'cache', { selector, from: [{ tier: 'api' }] }))
    await eventually(async () => expect((await statusOf(space, 'cache')).conditions.Accepted).toMatch('False'))
    const { conditions, messages } = await statusOf(space, 'cache')
    expect(conditions).toMatchObject({ Ready: expect.stringMatching('False'), Stalled: expect.stringMatching('True') })
    expect(messages.Accepted).toMatch('ports')
    await given.cluster.apply(appTier(space, 'cache', { selector, from: [{ tier: 'api' }], ports: [{ port: 6379 }] }))
    await eventually(async () => expect((await statusOf(space, 'cache')).conditions.Accepted).toMatch('True'))
    expect((await statusOf(space, 'cache')).conditions).not.toHaveProperty('Stalled')
  })

  test('tells of a policy that somebody else holds', async () => {
    const space = await given.makeNamespace()
    const spec = { podSelector: {}, policyTypes: ['Ingress'] }
    await given.cluster.apply(networkPolicy(space, 'tierwall-web.apptier', spec))
    await given.cluster.apply(appTier(space, 'web', { selector: { matchLabels: { app: 'web' } } }))
    await eventually(async () => expect((await statusOf(space, 'web')).conditions.Ready).toMatch('Conflict'))
    expect(await eventsIn(space)).toContainEqual(expect.stringMatching(/^AppTier\/web NameConflict: /))
  })

  test('says so where its namespace is only audited', async () => {
    const space = await given.makeNamespace({ isolation: 'audit' })
    await given.cluster.apply(appTier(space, 'web', { selector: { matchLabels: { app: 'web' } } }))
    await eventually(async () => expect((await statusOf(space, 'web')).conditions.Ready).toBe('True Audit'))
  })
})

describe('a namespace in audit', () => {
  test('says what would be written, and whom that would cut off', async () => {
    const space = await given.makeNamespace({ isolation: 'audit' })
    await given.cluster.apply(workload(space, 'web', { tier: 'web' }), workload(space, 'batch', {}))
    await eventually(async () => {
      const notes = (await readEvents(given.plane, 'default')).filter(({ regarding }) => regarding.name === space)
      expect(notes.at(-1)?.note).toBe(
        '3 NetworkPolicies would be written: tierwall-web, tierwall-allow-dns, tierwall-default-deny; in no tier, and so cut off: Deployment/batch',
      )
    })
    expect(await given.cluster.policies(space)).toEqual([])
  })
})

describe('an Event', () => {
  test('on the object names the annotation and the fix, once, also after a restart', async () => {
    const space = await given.makeNamespace()
    await given.cluster.apply(workload(space, 'web', { tier: 'web', ports: '80-79' }))
    const told = await eventually(async () => {
      const [event] = await eventsIn(space)
      expect(event).toMatch(/^Deployment\/web PortInvalid: .*tierwall.dev\/ports/)
      return event
    })
    await given.cluster.patch('Deployment', space, 'web', { spec: { replicas: 2 } })
    await given.restart('SIGTERM')
    await staysTrue(async () => expect(await eventsIn(space)).toEqual([told]), 1_500)
  })

  test('on the namespace tells of an isolation that is no mode', async () => {
    const space = await given.makeNamespace({ isolation: 'audti' })
    await given.cluster.apply(workload(space, 'web', { tier: 'web' }))
    await eventually(async () => {
      const notes = (await readEvents(given.plane, 'default')).filter(({ regarding }) => regarding.name === space)
      expect(notes.map(({ reason }) => reason)).toEqual(['IsolationInvalid'])
    })
    await given.cluster.apply(namespace(space))
    await given.cluster.expectSettled(space)
  })

  test('names the ports that are declared where the wanted one is not', async () => {
    const space = await given.makeNamespace()
    const web = workload(space, 'web', { tier: 'web', ports: '9999' })
    const containers = [{ name: 'main', image: 'example.com/none:1', ports: [{ containerPort: 8080 }] }]
    const spec = z.looseObject({ template: z.looseObject({}) }).parse(web.spec)
    await given.cluster.apply({ ...web, spec: { ...spec, template: { ...spec.template, spec: { containers } } } })
    await eventually(async () =>
      expect(await eventsIn(space)).toContainEqual(expect.stringMatching(/PortUndeclared: .*8080/)),
    )
  })
})
