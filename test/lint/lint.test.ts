import { describe, expect, it } from 'vitest'
import { lintDecision } from '../../src/lint/index.ts'
import { decideYaml, workload } from '../decide.ts'
import { batch, lintAll, namespace, policy, service, threeTiers } from './findings.ts'

describe('lintDecision', () => {
  it('finds nothing in a clean three-tier example', () => {
    const around =
      namespace('shop') +
      service('web', { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] }) +
      service('api', { selector: { app: 'api' }, ports: [{ port: 5000 }] }) +
      service('db', { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 3306 }] })
    const decision = decideYaml(threeTiers() + around)
    expect(decision.problems).toEqual([])
    expect(lintDecision(decision)).toEqual([])
  })

  it('finds nothing where nobody asks Tierwall for anything', () => {
    expect(lintAll(workload('web', {}) + policy('own', { podSelector: {}, ingress: [{}] }))).toEqual([])
    expect(lintAll('')).toEqual([])
  })

  it('says the same for any order of the input, sorted', () => {
    const parts = [
      workload('web', { tier: 'web' }, { ports: [8080] }),
      workload('db', { tier: 'db', 'allow-from': 'anywhere', 'allow-to': 'internet' }),
      workload('cron', {}),
      batch('CronJob', 'nightly', { job: 'nightly' }),
      policy('open', { podSelector: {}, ingress: [{}] }),
    ]
    const found = lintAll(parts.join(''))
    expect(lintAll(parts.toReversed().join(''))).toEqual(found)
    expect(found.map(line => line.split(' ')[0]).sort()).toEqual([
      'egress-all-ports',
      'foreign-policy-opens',
      'peer-anywhere-db',
      'port-undeclared',
      'workload-uncovered',
      'workload-uncovered',
    ])
  })

  it('gets through 2,000 workloads, half of them in one namespace', () => {
    const texts = Array.from({ length: 2_000 }, (_, index) => {
      const place = index % 2 === 0 ? 'crowd' : `n${index % 100}`
      const app = `app-${Math.floor(index / 8)}`
      const name = `w${index}`
      const tier = ['web', 'api', 'db', undefined][Math.floor(index / 2) % 4]
      const selector = { app: name }
      const annotations = tier ? { tier, app, 'allow-to': 'internet:443' } : {}
      return [
        workload(name, annotations, { namespace: place, ports: [{ name: 'http', containerPort: 8080 }] }),
        service(name, { selector, ports: [{ port: 80, targetPort: 'http' }] }, place),
        index % 10 === 0 ? policy(name, { podSelector: {}, ingress: [{}] }, { namespace: place }) : '',
      ].join('')
    })
    const counts = Map.groupBy(lintDecision(decideYaml(texts.join(''))), ({ code }) => code)
    expect(counts.get('workload-uncovered')).toHaveLength(500)
    expect(counts.get('foreign-policy-opens')).toHaveLength(200)
  })
})
