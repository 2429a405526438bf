import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings, pod } from './findings.ts'

const lint = (text: string) => findings('tier-overlap', text)
const fix = 'give the pods of each tier a label that the other tier’s do not have, and select by it'
const byLabels = (matchLabels: object) => ({ selector: { matchLabels } })

describe('tier-overlap', () => {
  it('tells of Deployments with one selector in two tiers', () => {
    const two =
      workload('a', { tier: 'api' }, { selector: { app: 'x' } }) +
      workload('b', { tier: 'web' }, { selector: { app: 'x' } })
    expect(lint(two)).toEqual([
      `tier-overlap at Deployment shop/b spec.selector: the pods of Deployment shop/a are in tier web by Deployment shop/b, and in api by Deployment shop/a: policies add up => ${fix}`,
    ])
  })

  it('tells of an AppTier whose selector reaches into another tier, once', () => {
    const wide = appTier('mesh', byLabels({ zone: 'north' }))
    const inside = ['a', 'b'].map(name => workload(name, { tier: name }, { selector: { app: name, zone: 'north' } }))
    expect(lint(wide + inside.join(''))).toEqual([
      `tier-overlap at AppTier shop/mesh spec.selector: the pods of Deployment shop/a are in tier mesh by AppTier shop/mesh, and in a by Deployment shop/a, b by Deployment shop/b: policies add up => ${fix}`,
    ])
  })

  it('tells of a pod that two AppTiers select', () => {
    const two = appTier('a', byLabels({ zone: 'north' })) + appTier('b', byLabels({ role: 'x' }))
    expect(lint(two + pod('one', { labels: { zone: 'north', role: 'x' } }))).toHaveLength(1)
    expect(lint(two + pod('one', { labels: { zone: 'north' } }) + pod('two', { labels: { role: 'x' } }))).toEqual([])
  })

  it('tells of a selector that implies another, even where no pod is known', () => {
    const two = appTier('a', byLabels({ zone: 'north', role: 'x' })) + appTier('b', byLabels({ role: 'x' }))
    expect(lint(two)).toEqual([
      `tier-overlap at AppTier shop/b spec.selector: all pods of AppTier shop/a are in tier b by AppTier shop/b, and in a by AppTier shop/a: policies add up => ${fix}`,
    ])
  })

  it('is silent about selectors that could meet, while no pod is known that both select', () => {
    const either = (...values: string[]) => ({
      selector: { matchExpressions: [{ key: 'role', operator: 'In', values }] },
    })
    expect(lint(appTier('a', either('x', 'y')) + appTier('b', either('x', 'z')))).toEqual([])
    expect(lint(appTier('a', either('x', 'y')) + appTier('b', byLabels({ zone: 'north' })))).toEqual([])
  })

  it('is silent about one tier of several workloads, and about one tier by AppTier and annotation', () => {
    const two =
      workload('a', { tier: 'web' }, { selector: { app: 'x' } }) +
      workload('b', { tier: 'web' }, { selector: { app: 'x' } })
    expect(lint(two)).toEqual([])
    expect(
      lint(appTier('web', byLabels({ app: 'x' })) + workload('web', { tier: 'web' }, { selector: { app: 'x' } })),
    ).toEqual([])
  })

  it('is silent about the same labels in two namespaces', () => {
    const two = ['shop', 'other'].map((namespace, index) => workload('web', { tier: `t${index}` }, { namespace }))
    expect(lint(two.join(''))).toEqual([])
  })
})
