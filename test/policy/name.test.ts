import { describe, expect, it } from 'vitest'
import { type NameParts, namePolicy } from '../../src/policy/name.ts'
import fc from '../seeded.ts'

const deployment = (tier: string, name: string, app = ''): NameParts => ({ kind: 'Deployment', name, app, tier })

describe('policy names', () => {
  it.each([
    [deployment('web', 'web'), 'tierwall-web'],
    [deployment('web', 'frontend'), 'tierwall-web-frontend'],
    [deployment('web', 'frontend', 'shop'), 'tierwall-shop.web-frontend'],
    [{ kind: 'StatefulSet', name: 'mysql', app: '', tier: 'db' }, 'tierwall-db-mysql.statefulset'],
    [{ kind: 'AppTier', name: 'db', app: 'shop', tier: 'db' }, 'tierwall-shop.db.apptier'],
  ])('are readable where they are unmistakable: %j', (parts, name) => {
    expect(namePolicy(parts)).toBe(name)
  })

  it.each([
    ['a tier with a dash', deployment('web-a', 'b')],
    ['the name of default-deny', deployment('default', 'deny')],
    ['the name of allow-dns', deployment('allow', 'dns')],
    ['a name with a dot', deployment('web', 'a.b')],
    ['an app with capitals', deployment('web', 'a', 'Shop')],
    ['a name that looks hashed', deployment('web', 'a--b')],
    ['a kind where a tier could stand', deployment('statefulset', 'statefulset', 'shop')],
    ['a name of 253 characters', deployment('web', 'a'.repeat(253))],
  ])('carry a hash for %s', (_, parts) => {
    expect(namePolicy(parts)).toMatch(/^tierwall-[a-z0-9-]+--[0-9a-v]{16}$/)
  })

  it('differ for different workloads, and are valid', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      'a-b',
      'a.b',
      'a--b',
      'web',
      'default',
      'deny',
      'statefulset',
      'x'.repeat(63),
    )
    const tier = part.filter(text => !text.includes('.'))
    const parts = fc.record({
      kind: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'AppTier'),
      name: part,
      app: fc.oneof(fc.constant(''), part, fc.constant('A')),
      tier,
    })
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = a.kind === b.kind && a.name === b.name && a.app === b.app && a.tier === b.tier
        expect(namePolicy(a) === namePolicy(b)).toBe(same)
        expect(namePolicy(a)).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/)
        expect(namePolicy(a).length).toBeLessThanOrEqual(253)
      }),
      { numRuns: 5000 },
    )
  })
})
