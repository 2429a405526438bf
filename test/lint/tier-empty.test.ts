import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings, namespace, pod } from './findings.ts'

const lint = (text: string) => findings('tier-empty', text)
const byRole = (role: string) => ({ selector: { matchLabels: { role } } })

describe('tier-empty', () => {
  it('tells of an AppTier whose selector matches nothing, with the label that is near', () => {
    expect(lint(appTier('db', byRole('databse')) + pod('one', { labels: { role: 'database' } }))).toEqual([
      'tier-empty at AppTier shop/db spec.selector: no workload or pod of shop in the input has role=databse => write role: database',
    ])
  })

  it('tells of an AppTier without a selector that no workload is annotated with', () => {
    expect(lint(appTier('db', {}) + workload('web', { tier: 'web' }))).toEqual([
      'tier-empty at AppTier shop/db metadata.name: no workload of shop is annotated with tierwall.dev/tier: db => annotate a workload with tierwall.dev/tier: db, or give AppTier shop/db a spec.selector',
    ])
  })

  it('names the app that the tier is in', () => {
    expect(lint(appTier('db', {}) + workload('db', { tier: 'db', app: 'bi' }))).toEqual([
      'tier-empty at AppTier shop/db metadata.name: no workload of shop is annotated with tierwall.dev/tier: db => Deployment shop/db is in tier db of app bi: write spec.app: bi',
    ])
    expect(lint(appTier('db', { app: 'bi' }) + workload('db', { tier: 'db' }))).toEqual([
      'tier-empty at AppTier shop/db metadata.name: no workload of shop is annotated with tierwall.dev/tier: db in app bi => Deployment shop/db is in tier db of the unnamed app: write spec.app: "-"',
    ])
  })

  it('names the tier that is a slip away', () => {
    expect(lint(appTier('reprting', {}) + workload('r', { tier: 'reporting' }))).toEqual([
      'tier-empty at AppTier shop/reprting metadata.name: no workload of shop is annotated with tierwall.dev/tier: reprting => write spec.tier: reporting',
    ])
  })

  it('is silent where pods or annotated workloads are there', () => {
    expect(lint(appTier('db', byRole('db')) + workload('x', {}, { selector: { role: 'db' } }))).toEqual([])
    expect(lint(appTier('db', byRole('db')) + pod('x', { labels: { role: 'db' } }))).toEqual([])
    expect(lint(appTier('db', {}) + workload('x', { tier: 'db' }))).toEqual([])
  })

  it('is silent where the input has no pods of the namespace, unless it is a whole cluster', () => {
    expect(lint(appTier('db', byRole('db')))).toEqual([])
    expect(lint(appTier('db', byRole('db')) + namespace('kube-system'))).toHaveLength(1)
  })

  it('is silent where the selector cannot be read, which is told already', () => {
    expect(lint(appTier('db', { selector: {} }))).toEqual([])
  })
})
