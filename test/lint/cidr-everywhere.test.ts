import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings } from './findings.ts'

const lint = (text: string) => findings('cidr-everywhere', text)

describe('cidr-everywhere', () => {
  it('offers the words that say it', () => {
    expect(lint(workload('web', { tier: 'web', 'allow-from': '0.0.0.0/0:80' }))).toEqual([
      'cidr-everywhere at Deployment shop/web metadata.annotations[tierwall.dev/allow-from] 0-12: 0.0.0.0/0 means addresses of one family: many CNIs do not match pods with it => write anywhere:80 for everyone, or internet:80 for public addresses',
    ])
    expect(lint(workload('web', { tier: 'web' }) + appTier('web', { to: [{ cidr: '::/0' }] }))).toEqual([
      'cidr-everywhere at AppTier shop/web spec.to[0]: ::/0 means addresses of one family: many CNIs do not match pods with it => write anywhere: true for everyone, or internet: true for public addresses',
    ])
  })

  it('is silent about a range with exceptions, which somebody has thought about', () => {
    expect(lint(workload('web', { tier: 'web', 'allow-from': '0.0.0.0/0!10.0.0.0/8, 10.0.0.0/8' }))).toEqual([])
  })

  it('leaves a database’s from to peer-anywhere-db', () => {
    expect(lint(workload('db', { tier: 'db', 'allow-from': '0.0.0.0/0' }))).toEqual([])
    expect(lint(workload('db', { tier: 'db', 'allow-to': '0.0.0.0/0:443' }))).toHaveLength(1)
  })
})
