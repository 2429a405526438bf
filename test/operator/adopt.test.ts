import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { inFolder } from '../cli/run.ts'
import { eventually, type Json, type Policy, staysTrue, writePolicy } from './cluster.ts'
import { readEvents } from './events.ts'
import { withOperator } from './fixture.ts'
import { appTier, workload } from './objects.ts'

const given = withOperator()

const list = z.object({
  items: z.array(
    z.looseObject({
      metadata: z.object({
        name: z.string(),
        namespace: z.string(),
        labels: z.record(z.string(), z.string()),
        annotations: z.record(z.string(), z.string()),
      }),
      spec: z.looseObject({}),
    }),
  ),
})
type Rendered = z.infer<typeof list>['items'][number]

/** What `tierwall render` makes of these manifests. */
async function render(manifests: readonly Json[]): Promise<readonly Rendered[]> {
  const run = inFolder({ 'manifests.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }) })
  const { code, stdout, stderr } = await run(['render', '-f', 'manifests.json', '-o', 'json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return list.parse(JSON.parse(stdout)).items
}

const isOurs = ({ metadata }: Policy) => metadata.managedFields.some(({ manager }) => manager === 'tierwall')

interface Applied {
  readonly space: string
  readonly rendered: readonly Rendered[]
  /** As they stood before the operator came. */
  readonly before: readonly Policy[]
}

/** A person renders three tiers and applies the policies, each as `change` would have it; no operator runs meanwhile. */
async function applyByHand(change: (policy: Rendered) => unknown = policy => policy): Promise<Applied> {
  await given.operator().stop()
  const space = await given.makeNamespace()
  const manifests = [
    workload(space, 'web', { tier: 'web' }),
    workload(space, 'api', { tier: 'api' }),
    appTier(space, 'db', { selector: { matchLabels: { app: 'db' } } }),
  ]
  const rendered = await render(manifests)
  expect(rendered.map(({ metadata }) => metadata.name).sort()).toEqual(names)
  await given.cluster.apply(...manifests, ...rendered.map(change))
  return { space, rendered, before: await given.cluster.policies(space) }
}

const names = ['tierwall-allow-dns', 'tierwall-api', 'tierwall-db.apptier', 'tierwall-default-deny', 'tierwall-web']

const status = z.object({
  status: z.object({
    conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string() })),
  }),
})

async function readyOf(space: string): Promise<string> {
  const { conditions } = status.parse(await given.cluster.get('AppTier', space, 'db')).status
  const ready = conditions.find(({ type }) => type === 'Ready')
  return `${ready?.status} ${ready?.reason}`
}

async function conflictsTold(space: string): Promise<readonly string[]> {
  const told = await readEvents(given.plane, space)
  return told.flatMap(({ regarding, reason }) => (reason === 'NameConflict' ? [regarding.name] : []))
}

describe('policies that somebody rendered and applied before the operator came', () => {
  test('are theirs, and stay as they are: the objects that they are of say Conflict', async () => {
    const { space, before } = await applyByHand()
    await given.restart('SIGTERM')
    await eventually(async () => expect(await readyOf(space)).toBe('False Conflict'))
    await eventually(async () => expect(await conflictsTold(space)).toEqual(['api', 'db', 'web']))
    await given.cluster.apply(workload(space, 'web', { tier: 'web', ports: '8443' }))
    await staysTrue(async () => expect(await given.cluster.policies(space)).toEqual(before), 1_500)
  })

  test('are taken over with --adopt, each as it stands, and are ours from then on', async () => {
    const { space, rendered, before } = await applyByHand()
    await given.restart('SIGTERM', ['--adopt'])
    await eventually(async () => expect((await given.cluster.policies(space)).every(isOurs)).toBe(true))
    const after = await given.cluster.policies(space)
    expect(after.map(writePolicy).sort()).toEqual(rendered.map(writePolicy).sort())
    expect(after.map(({ metadata }) => metadata.uid)).toEqual(before.map(({ metadata }) => metadata.uid))
    await eventually(async () => expect(await readyOf(space)).toMatch(/^True /))
    // Also where nobody says --adopt any more.
    await given.restart('SIGTERM')
    await given.cluster.apply(workload(space, 'web', { tier: 'web', ports: '8443' }))
    await given.cluster.remove('Deployment', space, 'api')
    await eventually(async () => {
      const now = await given.cluster.policies(space)
      expect(now.map(({ metadata }) => metadata.name)).toEqual(names.filter(name => name !== 'tierwall-api'))
      expect(JSON.stringify(now.at(-1)?.spec)).toContain('8443')
    })
    await given.cluster.expectSettled(space)
  })

  test('get the labels that are missing, and keep those that somebody else gave them', async () => {
    const { space, rendered } = await applyByHand(({ metadata: { name, namespace }, ...policy }) => ({
      ...policy,
      metadata: { name, namespace, labels: { team: 'a' }, annotations: { note: 'b' } },
    }))
    await given.restart('SIGTERM', ['--adopt'])
    const labels = { team: 'a', 'app.kubernetes.io/managed-by': 'tierwall' }
    await eventually(async () => {
      for (const policy of await given.cluster.policies(space))
        expect(policy).toMatchObject({ metadata: { labels, annotations: { note: 'b' } } })
    })
    expect(await given.cluster.policies(space)).toHaveLength(rendered.length)
  })

  test('stay a Conflict with --adopt where they say anything else', async () => {
    const { space, before } = await applyByHand(policy =>
      policy.metadata.name === 'tierwall-db.apptier'
        ? { ...policy, spec: { ...policy.spec, ingress: [{ ports: [{ port: 3306 }] }] } }
        : policy,
    )
    const wider = before.find(({ metadata }) => metadata.name === 'tierwall-db.apptier')
    await given.restart('SIGTERM', ['--adopt'])
    await eventually(async () =>
      expect((await given.cluster.policies(space)).filter(isOurs)).toHaveLength(names.length - 1),
    )
    await eventually(async () => expect(await readyOf(space)).toBe('False Conflict'))
    await staysTrue(async () => expect(await given.cluster.policies(space)).toContainEqual(wider), 1_500)
    expect(await conflictsTold(space)).toEqual(['db'])
  })
})
