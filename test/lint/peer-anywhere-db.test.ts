import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings } from './findings.ts'

const lint = (text: string, configuration: unknown = {}) => findings('peer-anywhere-db', text, configuration)
const db = (from: string) => workload('db', { tier: 'db', 'allow-from': from })

describe('peer-anywhere-db', () => {
  it('tells of a database that is open to everyone', () => {
    expect(lint(db('api, anywhere'))).toEqual([
      'peer-anywhere-db at Deployment shop/db metadata.annotations[tierwall.dev/allow-from] 5-13: anywhere lets the whole world connect to a database => name the tiers that need it, such as api',
    ])
  })

  it('knows the other spellings of everyone', () => {
    for (const peer of ['internet', '0.0.0.0/0', '0.0.0.0/0!10.0.0.0/8', '128.0.0.0/1', '::/0', '2000::/3', '@world'])
      expect(lint(db(peer), { peers: { world: ['0.0.0.0/0'] } }), peer).toHaveLength(1)
  })

  it('points into an AppTier, and tells of its workloads once', () => {
    const two = workload('a', { tier: 'db' }) + workload('b', { tier: 'db' })
    expect(lint(two + appTier('db', { from: [{ tier: 'api' }, { anywhere: true }] }))).toEqual([
      'peer-anywhere-db at AppTier shop/db spec.from[1]: anywhere lets the whole world connect to a database => name the tiers that need it, such as api',
    ])
  })

  it('tells of the baseline once for all databases', () => {
    const two = workload('db', { tier: 'db' }) + workload('db', { tier: 'db' }, { namespace: 'other' })
    expect(lint(two, { baseline: { from: ['internet'] } })).toHaveLength(1)
  })

  it('is silent about smaller ranges, the way out and other tiers', () => {
    expect(lint(db('api, cluster, 10.0.0.0/8, 2001:db8::/32'))).toEqual([])
    expect(lint(workload('db', { tier: 'db', 'allow-to': 'anywhere:443' }))).toEqual([])
    expect(lint(workload('web', { tier: 'web' }))).toEqual([])
  })
})
