import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings } from './findings.ts'

const lint = (text: string, configuration: unknown = {}) => findings('egress-all-ports', text, configuration)
const web = (to: string) => workload('web', { tier: 'web', 'allow-to': to })

describe('egress-all-ports', () => {
  it('tells of a way out without ports, at the entry that has none', () => {
    expect(lint(web('internet:443, 10.0.0.0/8!10.1.0.0/16'))).toEqual([
      'egress-all-ports at Deployment shop/web metadata.annotations[tierwall.dev/allow-to] 14-36: 10.0.0.0/8!10.1.0.0/16 without ports opens every port and protocol there => write [10.0.0.0/8!10.1.0.0/16]:443, with the port that is meant',
    ])
  })

  it('tells of every kind of peer that is no tier', () => {
    const named = { world: ['10.0.0.0/8', '172.16.0.0/12'] }
    for (const peer of ['internet', 'anywhere', 'cluster', 'namespace', '*.data', '10.0.0.0/8', '@world'])
      expect(lint(web(peer), { peers: named }), peer).toHaveLength(1)
  })

  it('says what is missing in an AppTier', () => {
    const tier = appTier('web', { selector: { matchLabels: { app: 'web' } }, to: [{ internet: true }] })
    expect(lint(tier)).toEqual([
      'egress-all-ports at AppTier shop/web spec.to[0]: internet without ports opens every port and protocol there => write ports: [{port: 443}] beside it, with the port that is meant',
    ])
  })

  it('tells of the baseline once for all tiers', () => {
    const two = web('none') + workload('api', { tier: 'api' })
    expect(lint(two, { baseline: { to: ['10.0.0.0/8'] } })).toEqual([
      'egress-all-ports at configuration baseline.to[0]: 10.0.0.0/8 without ports opens every port and protocol there => write 10.0.0.0/8:443, with the port that is meant',
    ])
  })

  it('is silent about tiers and about peers that bring their ports', () => {
    const configuration = {
      kubeApiserver: { endpoints: [{ address: '10.0.0.2', port: 6443 }] },
      peers: { mail: ['10.0.0.0/8:25'] },
    }
    expect(lint(web('api, kube-apiserver, @mail'), configuration)).toEqual([])
    expect(lint(workload('web', { tier: 'web', 'allow-from': 'anywhere' }))).toEqual([])
  })
})
