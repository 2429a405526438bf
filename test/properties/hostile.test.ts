import { describe, expect, it } from 'vitest'
import fc from '../seeded.ts'
import { describeWorld } from './compare.ts'
import { render, renderWorld } from './engine.ts'
import { hostileConfiguration, hostileObjects } from './hostile.ts'
import { faultsOf } from './valid.ts'
import { world } from './world.ts'
import { type Json, writeConfiguration, writeObjects } from './writing.ts'

describe('whatever the input', () => {
  it('the engine answers: it never throws, and what it says can be written as JSON', () => {
    fc.assert(
      fc.property(hostileObjects, hostileConfiguration, (objects, configuration) => {
        const { policies, problems } = render(objects, configuration)
        JSON.stringify([policies, problems])
        for (const { message, fix } of problems) expect(message.length * fix.length).toBeGreaterThan(0)
      }),
      { numRuns: 1500 },
    )
  })

  it('every policy that comes of hostile input is one that the API server takes, and none is wider than a word for it', () => {
    fc.assert(
      fc.property(hostileObjects, hostileConfiguration, (objects, configuration) => {
        const text = JSON.stringify([objects, configuration])
        for (const policy of render(objects, configuration).policies)
          expect(faultsOf(policy, wordsIn(text))).toEqual([])
      }),
      { numRuns: 1500 },
    )
  })

  it('nothing is written into a system namespace, nor into the operator’s own', () => {
    fc.assert(
      fc.property(hostileObjects, objects => {
        for (const { metadata } of render(objects).policies)
          expect(['kube-system', 'tierwall-system']).not.toContain(metadata.namespace)
      }),
      { numRuns: 300 },
    )
  })

  it('the same input gives the same bytes twice', () => {
    fc.assert(
      fc.property(hostileObjects, hostileConfiguration, (objects, configuration) => {
        const [once, twice] = [render(objects, configuration), render(objects, configuration)]
        expect(JSON.stringify([twice.policies, twice.problems])).toBe(JSON.stringify([once.policies, once.problems]))
      }),
      { numRuns: 200 },
    )
  })

  it('the order of the objects does not matter', () => {
    fc.assert(
      fc.property(
        hostileObjects.map(once).chain(shuffled),
        hostileConfiguration,
        ([objects, others], configuration) => {
          const [once, twice] = [render(objects, configuration), render(others, configuration)]
          expect(twice.policies).toEqual(once.policies)
          expect(JSON.stringify(twice.policies)).toBe(JSON.stringify(once.policies))
          expect(twice.problems).toEqual(once.problems)
        },
      ),
      { numRuns: 800 },
    )
  })
})

describe('where one object stands twice in the input', () => {
  for (const kind of ['Namespace', 'Deployment', 'AppTier', 'Service', 'EndpointSlice'])
    it(`the order of the two does not decide which ${kind} counts`, () => {
      fc.assert(
        fc.property(twoOf(kind), ([one, other]) => {
          const [before, after] = [render([...rest, one, other]), render([...rest, other, one])]
          expect(JSON.stringify(after.policies)).toBe(JSON.stringify(before.policies))
          expect(after.problems).toEqual(before.problems)
        }),
        { numRuns: 50 },
      )
    })
})

describe('for every sound world', () => {
  it('the order of the objects does not matter', () => {
    const both = world.chain(world =>
      fc.tuple(
        fc.constant(world),
        shuffled(writeObjects(world)).map(([, objects]) => objects),
      ),
    )
    fc.assert(
      fc.property(both, ([world, objects]) => {
        const [before, after] = [renderWorld(world), render(objects, writeConfiguration(world))]
        expect(JSON.stringify(after.policies)).toBe(JSON.stringify(before.policies))
        expect(after.problems).toEqual(before.problems)
      }),
      { numRuns: 200 },
    )
  })

  it('every policy is one that the API server takes', () => {
    fc.assert(
      fc.property(world, world => {
        for (const policy of renderWorld(world).policies)
          expect(faultsOf(policy, wordsIn(describeWorld(world)))).toEqual([])
      }),
      { numRuns: 200 },
    )
  })
})

/** The words that a person has to write before an empty selector may stand for them. */
const wordsIn = (text: string) => ({
  wholeNamespace: /sameNamespace|\*\.|(?<![A-Za-z])namespace(?![A-Za-z])/.test(text.replaceAll('"namespace":', '')),
  wholeCluster: /(?<![A-Za-z])cluster(?![A-Za-z])/.test(text),
})

const tiered = (name: string, annotations: object): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'shop', name, annotations },
  spec: { selector: { matchLabels: { name } }, template: { metadata: { labels: { name } } } },
})
const rest = [tiered('web', { 'tierwall.dev/tier': 'web', 'tierwall.dev/allow-to': 'kube-apiserver' })]

/** Two versions of one object that differ in what counts. */
function twoOf(kind: string): fc.Arbitrary<readonly [Json, Json]> {
  const metadata = { namespace: 'shop', name: 'twice' }
  const either = <T>(...values: T[]) => fc.constantFrom(...values)
  const isolation = either('enforce', 'audit', 'off', 'on').map(
    (mode): Json => ({
      apiVersion: 'v1',
      kind,
      metadata: { name: 'shop', annotations: { 'tierwall.dev/isolation': mode } },
    }),
  )
  const deployment = either('web', 'api', 'worker').map(tier => tiered('twice', { 'tierwall.dev/tier': tier }))
  const appTier = either<unknown>(80, 81, 'x').map(
    (port): Json => ({
      apiVersion: 'tierwall.dev/v1alpha1',
      kind,
      metadata,
      spec: { selector: { matchLabels: { a: 'b' } }, ports: [{ port }], from: [{ anywhere: true }] },
    }),
  )
  const service = either('a', 'b', 'c').map(
    (name): Json => ({
      apiVersion: 'v1',
      kind,
      metadata: { namespace: 'kube-system', name: 'kube-dns', labels: { 'k8s-app': 'kube-dns' } },
      spec: { selector: { name }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
    }),
  )
  const slice = either('10.0.0.1', '10.0.0.2').map(
    (address): Json => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind,
      metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address] }],
      ports: [{ name: 'https', port: 6443 }],
    }),
  )
  const versions: Readonly<Record<string, fc.Arbitrary<Json>>> = {
    Namespace: isolation,
    Deployment: deployment,
    AppTier: appTier,
    Service: service,
    EndpointSlice: slice,
  }
  const version = versions[kind] ?? isolation
  return fc.tuple(version, version)
}

const identityOf = ({ kind, metadata }: Json) => {
  const { namespace, name } = metadata as { namespace?: string; name: string }
  return `${kind}/${namespace}/${name}`
}
const once = (objects: Json[]) => [...new Map(objects.map(object => [identityOf(object), object])).values()]
const shuffled = (objects: Json[]) =>
  fc.tuple(fc.constant(objects), fc.shuffledSubarray(objects, { minLength: objects.length }))
