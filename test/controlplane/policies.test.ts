import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { listExamples, readExample } from '../../scripts/examples/read.ts'
import { desiredPolicies } from '../../src/engine.ts'
import { appTier, decideYaml, policiesOf, workload } from '../decide.ts'
import { render, renderWorld } from '../properties/engine.ts'
import { hostileConfiguration, hostileObjects } from '../properties/hostile.ts'
import { world } from '../properties/world.ts'
import fc from '../seeded.ts'
import { dryRun } from './dry-run.ts'
import { type SharedPlane, test } from './plane.ts'

/** What is stored is what was sent: with a default filled in, the operator would see a difference for ever. */
async function expectStoredAsSent(plane: SharedPlane, policies: readonly unknown[]): Promise<void> {
  const tried = await Promise.all(policies.map(policy => dryRun(plane, policy)))
  const sent = policies.map(partsOf)
  expect(tried.map(one => ('stored' in one ? partsOf(one.stored) : one))).toEqual(sent)
}

function partsOf(policy: unknown): unknown {
  const { metadata, spec } = JSON.parse(JSON.stringify(policy))
  return { name: metadata.name, labels: metadata.labels, annotations: metadata.annotations, spec }
}

const root = join(import.meta.dirname, '../..')

function readYaml(path: string): unknown[] {
  const documents = parseAllDocuments(readFileSync(join(root, path), 'utf8'))
  return documents.map((document): unknown => document.toJS()).filter(json => json !== null)
}

describe('the API server stores every policy as it was sent', () => {
  test.for(listExamples())('of the example %s', async (name, { plane }) => {
    const policies = desiredPolicies(readExample(name).decision).map(({ policy }) => policy)
    expect(policies).not.toEqual([])
    await expectStoredAsSent(plane, policies)
  })

  test('of all scenarios', async ({ plane }) => {
    for (const scenario of readdirSync(join(root, 'test/scenarios')))
      await expectStoredAsSent(plane, readYaml(`test/scenarios/${scenario}/expected.yaml`))
  })

  test.for(Object.entries(extremes()))('of %s', async ([, { text, configuration }], { plane }) => {
    const decision = decideYaml(text, configuration)
    expect(decision.problems).toEqual([])
    const policies = [...policiesOf(decision).values()]
    expect(policies.length).toBeGreaterThan(2)
    await expectStoredAsSent(plane, policies)
  })

  test('of generated worlds', async ({ plane }) => {
    await fc.assert(
      fc.asyncProperty(world, world => expectStoredAsSent(plane, renderWorld(world).policies)),
      { numRuns: 60 },
    )
  })

  test('of what is left of hostile input', async ({ plane }) => {
    await fc.assert(
      fc.asyncProperty(hostileObjects, hostileConfiguration, (objects, configuration) =>
        expectStoredAsSent(plane, render(objects, configuration).policies),
      ),
      { numRuns: 150 },
    )
  })
})

const withManifests = listExamples().filter(name => existsSync(join(root, 'examples', name, 'manifests.yaml')))

test.for(withManifests)('the API server accepts every manifest of the example %s', async (name, { plane }) => {
  for (const manifest of readYaml(`examples/${name}/manifests.yaml`))
    expect(await dryRun(plane, manifest)).toHaveProperty('stored')
})

interface Extreme {
  readonly text: string
  readonly configuration?: unknown
}

function extremes(): Readonly<Record<string, Extreme>> {
  const long = (length: number) =>
    'abcdefghi-'
      .repeat(30)
      .slice(0, length - 1)
      .concat('z')
  const prefix = Array.from({ length: 4 }, () => 'a'.repeat(62)).join('.')
  const numbers = (length: number) => Array.from({ length }, (_, index) => index)
  return {
    'names as long as they may be': {
      text:
        workload(
          long(253),
          { tier: long(63), app: long(63), ports: '80', 'allow-from': 'anywhere' },
          {
            kind: 'StatefulSet',
            selector: { [`${prefix}a/${long(63)}`]: long(63) },
          },
        ) + appTier(long(253), { tier: long(63), app: 'other', selector: { matchLabels: { a: 'b' } }, ports: [] }),
    },
    'names that need a hash': {
      text:
        workload('x.y', { tier: 'a-b', app: 'My.Shop_2', ports: '80', 'allow-from': 'namespace' }) +
        workload('default-deny', { tier: 'default' }) +
        workload('allow-dns', { tier: 'allow' }, { kind: 'DaemonSet' }),
    },
    'every spelling of a port': {
      text: workload('web', {
        tier: 'web',
        ports: '1, 65535/UDP, 1-65535/SCTP, 80-80, http, a1/UDP, sig-2/SCTP',
        'allow-from': 'anywhere, cluster:http, namespace:8000-8010/SCTP',
        'allow-to': 'cluster:53/UDP, namespace:dns/UDP, anywhere:443',
      }),
    },
    'addresses of both families': {
      text: workload('web', {
        tier: 'web',
        'allow-from': '0.0.0.0/0, ::/0, [2001:db8::/32!2001:db8:1::/48!2001:db8::1/128]:443, 255.255.255.255/32',
        'allow-to': 'internet:443, kube-apiserver, [::/0!2000::/3], [fe80::/10]:1-65535/UDP, 10.0.0.0/8!10.1.0.0/16',
      }),
      configuration: {
        clusterRanges: ['10.244.0.0/16', '2001:db8:42::/56'],
        kubeApiserver: {
          endpoints: [
            { address: '192.0.2.1', port: 6443 },
            { address: '2001:db8::1', port: 6443 },
          ],
        },
      },
    },
    'lists as long as they may be': {
      text: appTier('web', {
        selector: {
          matchLabels: Object.fromEntries(numbers(64).map(index => [`key-${index}`, 'v'.repeat(20)])),
          matchExpressions: numbers(16).map(index => ({
            key: `key-${index}`,
            operator: 'In',
            values: numbers(8).map(String),
          })),
        },
        ports: numbers(64).map(index => ({ port: 1000 + 2 * index, endPort: 1000 + 2 * index, protocol: 'UDP' })),
        from: numbers(256).map(index => ({
          cidr: `10.${index}.0.0/16`,
          except: numbers(64).map(part => `10.${index}.${part}.0/24`),
        })),
        to: numbers(256).map(index => ({
          podSelector: { matchLabels: { role: `role-${index}` } },
          namespaceSelector: index % 2 === 0 ? {} : { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
          ports: numbers(8).map(port => ({ port: 1 + index * 8 + port })),
        })),
      }),
    },
    'every operator of a selector': {
      text: appTier('web', {
        selector: {
          matchLabels: { empty: '', 'app.kubernetes.io/name': 'web' },
          matchExpressions: [
            { key: 'a', operator: 'In', values: ['b', '', 'a'] },
            { key: 'b', operator: 'NotIn', values: ['c'] },
            { key: 'c', operator: 'Exists' },
            { key: 'd', operator: 'DoesNotExist', values: [] },
            { key: 'a', operator: 'In', values: ['a', 'b'] },
          ],
        },
        from: [{ namespaceSelector: { matchExpressions: [{ key: 'e', operator: 'DoesNotExist' }] } }],
      }),
    },
  }
}
