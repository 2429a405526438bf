import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings } from './findings.ts'

const lint = (text: string, configuration: unknown = {}) => findings('tier-unreachable', text, configuration)

describe('tier-unreachable', () => {
  it('tells of a tier with ports and nobody who may connect', () => {
    expect(lint(workload('worker', { tier: 'worker', ports: '8080' }))).toEqual([
      'tier-unreachable at Deployment shop/worker metadata.annotations[tierwall.dev/tier]: nobody may reach tier worker on 8080: nothing says who may => write tierwall.dev/allow-from: PEER with those who may connect to Deployment shop/worker, or tierwall.dev/allow-from: none',
    ])
  })

  it('tells of a preset whose tier is not there', () => {
    expect(lint(workload('db', { tier: 'db' }))).toEqual([
      'tier-unreachable at Deployment shop/db metadata.annotations[tierwall.dev/tier]: nobody may reach tier db on 3306: the preset of db accepts api alone, which has no pods here => write tierwall.dev/allow-from: PEER with those who may connect to Deployment shop/db, or tierwall.dev/allow-from: none',
    ])
  })

  it('tells of a tier of several workloads once', () => {
    const two = ['a', 'b'].map(name => workload(name, { tier: 'worker', ports: '8080' }))
    expect(lint(two.join(''))).toEqual([
      'tier-unreachable at Deployment shop/a metadata.annotations[tierwall.dev/tier]: nobody may reach tier worker on 8080: nothing says who may => write tierwall.dev/allow-from: PEER with those who may connect to Deployment shop/a, or tierwall.dev/allow-from: none',
    ])
  })

  it('tells of tiers in the order of their names', () => {
    const two = ['b', 'a'].map(name => workload(name, { tier: name, ports: '8080' }))
    expect(lint(two.join('')).map(line => line.split(' ')[3])).toEqual(['shop/a', 'shop/b'])
  })

  it('does not take a way out for a way in', () => {
    expect(lint(workload('worker', { tier: 'worker', ports: '8080', 'allow-to': 'internet:443' }))).toHaveLength(1)
  })

  it('tells of a named peer that stands for nobody', () => {
    const worker = workload('worker', { tier: 'worker', ports: '8080', 'allow-from': '@ops' })
    expect(lint(worker, { peers: { ops: [] } })).toEqual([
      'tier-unreachable at Deployment shop/worker metadata.annotations[tierwall.dev/allow-from]: nobody may reach tier worker on 8080: its from accepts @ops alone, which has no pods here => write tierwall.dev/allow-from: PEER with those who may connect to Deployment shop/worker, or tierwall.dev/allow-from: none',
    ])
  })

  it('says what an AppTier would have to say', () => {
    const tier = appTier('worker', { selector: { matchLabels: { app: 'worker' } }, ports: [{ port: 8080 }] })
    expect(lint(tier)).toEqual([
      'tier-unreachable at AppTier shop/worker spec.selector: nobody may reach tier worker on 8080: nothing says who may => write from: [PEER] with those who may connect to AppTier shop/worker, or from: []',
    ])
  })

  it('is silent where nobody is meant', () => {
    expect(lint(workload('worker', { tier: 'worker', ports: '8080', 'allow-from': 'none' }))).toEqual([])
    expect(lint(workload('db', { tier: 'db' }) + appTier('db', { from: [] }))).toEqual([])
    expect(lint(workload('worker', { tier: 'worker' }))).toEqual([])
  })

  it('is silent where anybody may connect', () => {
    expect(lint(workload('web', { tier: 'web' }))).toEqual([])
    expect(lint(workload('worker', { tier: 'worker', ports: '80', 'allow-from': 'namespace' }))).toEqual([])
    expect(lint(workload('api', { tier: 'api' }) + workload('web', { tier: 'web' }))).toEqual([])
    expect(lint(workload('worker', { tier: 'worker', ports: '80' }), { baseline: { from: ['*.monitoring'] } })).toEqual(
      [],
    )
  })

  it('does not repeat what is told of a peer that is not there', () => {
    expect(lint(workload('db', { tier: 'db', 'allow-from': 'apu' }))).toEqual([])
    expect(
      lint(
        workload('db', { tier: 'db', 'allow-from': 'api.front' }) +
          workload('api', { tier: 'api', 'allow-from': 'none' }, { namespace: 'front' }),
      ),
    ).toEqual([])
  })
})
