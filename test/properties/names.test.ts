import { describe, expect, it } from 'vitest'
import fc from '../seeded.ts'
import { render } from './engine.ts'
import { hostileName } from './hostile.ts'
import { isValidName } from './valid.ts'
import type { Json } from './writing.ts'

const tier = fc.oneof(
  fc.constantFrom(
    'web',
    'a',
    'a-b',
    'a--b',
    'default-deny',
    'allow-dns',
    'default',
    'allow',
    'constructor',
    'a'.repeat(63),
  ),
  fc.stringMatching(/^[a-z]([-a-z]{0,3}[a-z])?$/),
)
const app = fc.oneof(
  fc.constantFrom(
    '',
    '',
    'shop',
    'a',
    'a-b',
    'A',
    'a.b',
    'a_b',
    'constructor',
    '__proto__x'.replace(/^_+/, ''),
    'Z'.repeat(63),
  ),
  fc.stringMatching(/^[a-zA-Z0-9]([-._a-z]{0,3}[a-z])?$/),
)
const one = fc.record({
  kind: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'AppTier'),
  name: fc.oneof(hostileName, tier, fc.constantFrom('web-web', 'web', 'a-b-c')),
  app,
  tier,
})
type One = typeof one extends fc.Arbitrary<infer T> ? T : never

/** Neighbours whose names are made of the same parts, cut elsewhere. */
const pair = fc.oneof(
  fc.tuple(one, one),
  fc
    .tuple(one, fc.constantFrom('kind', 'name', 'app', 'tier'), one)
    .map(([some, part, other]) => [some, { ...some, [part]: other[part as 'tier'] }] as const),
  fc.tuple(one, tier, tier).map(([some, a, b]) => {
    const fits = `${a}-${b}`.length <= 63
    return [
      { ...some, tier: fits ? `${a}-${b}` : a, name: some.name },
      { ...some, tier: a, name: `${b}-${some.name}`.slice(0, 250).replace(/[-.]+$/, '') },
    ] as const
  }),
)

function write({ kind, name, app, tier }: One): Json {
  const selector = { matchLabels: { 'app.kubernetes.io/name': 'x' } }
  if (kind === 'AppTier')
    return {
      apiVersion: 'tierwall.dev/v1alpha1',
      kind,
      metadata: { namespace: 'shop', name },
      spec: { tier, ...(app === '' ? {} : { app }), selector, ports: [{ port: 80 }], from: [{ anywhere: true }] },
    }
  const annotations = {
    'tierwall.dev/tier': tier,
    ...(app === '' ? {} : { 'tierwall.dev/app': app }),
    'tierwall.dev/ports': '80',
    'tierwall.dev/allow-from': 'anywhere',
  }
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { namespace: 'shop', name, annotations },
    spec: { selector, template: { metadata: { labels: selector.matchLabels } } },
  }
}

const shared = ['tierwall-default-deny', 'tierwall-allow-dns']
const namesOf = (...all: One[]) => {
  const names = render(all.map(write)).policies.map(({ metadata }) => metadata.name)
  for (const name of shared) names.splice(names.indexOf(name), 1)
  return names
}

describe('the name of a policy', () => {
  it('is one, valid and never one of the two that a namespace shares', () => {
    fc.assert(
      fc.property(one, one => {
        const names = namesOf(one)
        expect(names).toHaveLength(1)
        for (const name of names) {
          expect(isValidName(name)).toBe(true)
          expect(name.startsWith('tierwall-')).toBe(true)
          expect(shared).not.toContain(name)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('differs wherever kind, name, app or tier do', () => {
    fc.assert(
      fc.property(pair, ([some, other]) => {
        fc.pre(JSON.stringify(some) !== JSON.stringify(other))
        expect(namesOf(other)).not.toEqual(namesOf(some))
      }),
      { numRuns: 2000 },
    )
  })

  it('is the same alone and among neighbours', () => {
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), all => {
        const kept = [...new Map(all.map(one => [`${one.kind}/${one.name}`, one])).values()].filter(
          // Two AppTiers for one tier are an error, and a tier's AppTier covers its workloads here.
          (one, _, list) =>
            one.kind !== 'AppTier' &&
            !list.some(other => other.kind === 'AppTier' && other.tier === one.tier && other.app === one.app),
        )
        fc.pre(kept.length > 0)
        expect(namesOf(...kept).sort()).toEqual(kept.flatMap(one => namesOf(one)).sort())
      }),
      { numRuns: 300 },
    )
  })
})
