import { describe, expect, test } from 'vitest'
import { takeOutlook } from '../../src/live/outlook.ts'
import type { SeenPolicy } from '../../src/live/seen-policy.ts'
import { makePlan } from '../../src/plan/index.ts'
import { appTier, namespace, workload } from '../operator/objects.ts'
import { desiredIn, type Standing, standing, viewOf } from './view.ts'

const tiers = (api: Readonly<Record<string, string>>) => [
  namespace('shop'),
  workload('shop', 'web', { tier: 'web' }),
  workload('shop', 'api', api),
]
const good = tiers({ tier: 'api', ports: '5000' })

const settle = (objects: readonly unknown[]): readonly SeenPolicy[] =>
  [...desiredIn(viewOf({ objects }), ['shop']).values()].map(policy => standing(policy))

function look(more: Standing) {
  const { targets, problems } = takeOutlook(viewOf(more), ['shop'])
  const [target] = targets
  if (!target) throw new Error('shop is a target')
  const { close, open, tidy } = makePlan([target.state])
  const steps = [...close, ...open, ...tidy].map(({ verb, name }) => `${verb} ${name}`)
  return { steps, target, codes: problems.map(({ code }) => code) }
}

describe('what was last good', () => {
  test.each([
    ['a port that cannot be read', { tier: 'api', ports: 'x y' }],
    ['a tier that cannot be read', { tier: 'Api!' }],
    ['a peer that cannot be read', { tier: 'api', ports: '5000', 'allow-from': 'web:' }],
    ['a key that is misspelled', { tier: 'api', ports: '5000', allowfrom: 'db' }],
  ])('stays in force beside %s, and the problem is told', (_, api) => {
    const { steps, target, codes } = look({ objects: tiers(api), policies: settle(good) })
    expect(steps).toEqual([])
    expect([...target.restored]).toEqual(['Deployment shop/api'])
    expect(codes).not.toEqual([])
  })

  test('follows what others say meanwhile', () => {
    const broken = [
      ...tiers({ tier: 'api', ports: 'x y' }),
      workload('shop', 'db', { tier: 'db', 'allow-from': 'api' }),
    ]
    expect(look({ objects: broken, policies: settle(good) }).steps).toEqual([
      'replace tierwall-api',
      'create tierwall-db',
    ])
  })

  test('ends with its object', () => {
    const { steps } = look({ objects: good.slice(0, 2), policies: settle(good) })
    expect(steps).toContain('delete tierwall-api')
  })

  test('ends where the workload is in no tier any more, whatever else it says', () => {
    const { steps } = look({ objects: tiers({ ports: '5000' }), policies: settle(good) })
    expect(steps).toContain('delete tierwall-api')
  })

  test('is read as carefully as any input: nobody widens a policy by writing on it', () => {
    const policies = settle(good).map(policy => {
      const said = JSON.stringify({
        'Deployment/api': { annotations: { 'tierwall.dev/tier': 'api', 'tierwall.dev/ports': '0-' } },
      })
      return { ...policy, annotations: { ...policy.annotations, 'tierwall.dev/said': said } }
    })
    const { steps, target } = look({ objects: tiers({ tier: 'api', ports: 'x y' }), policies })
    expect(steps.filter(step => step.includes('api'))).toEqual([])
    expect(target.kept).toEqual(['tierwall-api'])
  })

  test('may be lost: then the policy itself stays as it is, and so does the isolation', () => {
    const policies = settle([good[0], good[2]]).map(policy => {
      const { 'tierwall.dev/said': _, ...annotations } = policy.annotations
      return { ...policy, annotations }
    })
    const { steps, target } = look({ objects: [good[0], tiers({ tier: 'Api!' })[2]], policies })
    expect(steps).toEqual([])
    // Of an unreadable tier only its labels still say which it was.
    expect(target.kept).toEqual(['tierwall-allow-dns', 'tierwall-api', 'tierwall-default-deny'])
  })

  test('does not stand in the way of what is new and sound, whatever is wrong beside it', () => {
    const api = workload('shop', 'api', { tier: 'api', ports: '7000' })
    const misplaced = { 'tierwall.dev/tier': 'api' }
    const spec = JSON.parse(JSON.stringify(api.spec))
    spec.template.metadata.annotations = misplaced
    const { steps, codes } = look({ objects: [...good.slice(0, 2), { ...api, spec }], policies: settle(good) })
    expect(codes).toContain('annotation-misplaced')
    expect(steps).toContain('replace tierwall-api')
  })
})

describe('where several objects have a part in a tier', () => {
  const selector = { matchLabels: { group: 'x' } }
  const selected = { app: 'a', group: 'x' }
  const d = workload('shop', 'd', { tier: 't3', ports: '80' })
  const before = [
    namespace('shop'),
    appTier('shop', 'one', { tier: 't4', selector, ports: [{ port: 80 }], from: [{ tier: 't3' }] }),
    d,
    workload('shop', 'a', {}, { selector: selected }),
  ]

  test('a mistake of an AppTier counts also where a workload of its new tier is sound', () => {
    const broken = appTier('shop', 'one', { tier: 't2', selector, ports: [], from: [{ tier: 't2' }] })
    const other = workload('shop', 'other', { tier: 't2', ports: '90', 'allow-from': 'none' })
    const { steps, target } = look({ objects: [before[0], broken, d, before[3], other], policies: settle(before) })
    expect([...target.restored]).toEqual(['AppTier shop/one'])
    expect(steps).toEqual(['create tierwall-t2-other'])
  })

  test('a mistake of one workload does not hold back what the AppTier says for the others', () => {
    const tier = (port: number) => appTier('shop', 'api', { ports: [{ port }], from: [{ anywhere: true }] })
    const one = (ports: Readonly<Record<string, string>>) => workload('shop', 'one', { tier: 'api', ...ports })
    const two = workload('shop', 'two', { tier: 'api' })
    const policies = settle([namespace('shop'), tier(5000), one({}), two])
    const { target } = look({ objects: [namespace('shop'), tier(7000), one({ ports: 'x y' }), two], policies })
    const ports = target.state.desired.map(({ metadata, spec }) => [metadata.name, JSON.stringify(spec.ingress)])
    expect(Object.fromEntries(ports)['tierwall-api-two']).toContain('7000')
  })
})

describe('while AppTiers are not served', () => {
  const objects = [namespace('shop'), appTier('shop', 'web', { selector: { matchLabels: { app: 'web' } } }), good[2]]

  test('what they asked for is held, and others still meet them', () => {
    const policies = settle(objects)
    const without = { objects: [objects[0], objects[2]], policies, servesAppTiers: false }
    expect(look(without).steps).toEqual([])
    expect(look({ ...without, servesAppTiers: true }).steps).toContain('delete tierwall-web.apptier')
  })

  test('an isolation that only they asked for is held', () => {
    const empty = [namespace('shop'), appTier('shop', 'web')]
    const { steps } = look({ objects: empty.slice(0, 1), policies: settle(empty), servesAppTiers: false })
    expect(steps).toEqual([])
  })
})

describe('a namespace', () => {
  test('whose isolation cannot be read is left as it is', () => {
    const objects = [namespace('shop', { isolation: 'audti' }), ...good.slice(1)]
    expect(look({ objects, policies: [] }).target.untouched).toBe(true)
  })

  test('that goes away gets no writes', () => {
    const going = { ...namespace('shop'), metadata: { name: 'shop', deletionTimestamp: '2026-01-01T00:00:00Z' } }
    expect(look({ objects: [going, ...good.slice(1)] }).target.untouched).toBe(true)
  })
})

describe('a policy of somebody else under our name', () => {
  const web = [...desiredIn(viewOf({ objects: good }), ['shop']).values()].find(
    ({ metadata }) => metadata.name === 'tierwall-web',
  )
  if (!web) throw new Error('there is a policy for web')

  test('is a conflict, and no deny comes', () => {
    const { steps, target } = look({ objects: good, policies: [standing(web, 'kubectl')] })
    expect(target.conflicts).toEqual(['tierwall-web'])
    expect(steps).toEqual(['create tierwall-api'])
  })

  test('is adopted where that is wanted and it says the same, and only then', () => {
    const foreign = standing(web, 'kubectl')
    const same = look({ objects: good, policies: [foreign], adopt: true })
    expect(same.target.adoptions.map(({ holder }) => holder.name)).toEqual(['tierwall-web'])
    expect(same.steps).toContain('create tierwall-default-deny')
    const other = look({ objects: good, policies: [{ ...foreign, spec: { podSelector: {} } }], adopt: true })
    expect(other.target.conflicts).toEqual(['tierwall-web'])
  })

  test('is not ours for a copied label, nor where somebody copied managedFields under another name', () => {
    expect(standing(web, 'kubectl').ours).toBe(false)
    expect(standing(web).ours).toBe(true)
    expect(standing({ ...web, metadata: { ...web.metadata, name: 'copy' } }).ours).toBe(false)
  })
})
