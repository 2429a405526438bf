import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings, policy, service } from './findings.ts'

const lint = (text: string, configuration: unknown = {}) => findings('service-closed', text, configuration)
const api = (annotations: Readonly<Record<string, string>> = {}) =>
  workload('web', { tier: 'web' }) + workload('api', { tier: 'api', ...annotations }, { ports: [5000] })
const outward = (type: string, ports: readonly object[] = [{ port: 80, targetPort: 5000 }]) =>
  service('api', { type, selector: { app: 'api' }, ports })

describe('service-closed', () => {
  it('tells of a LoadBalancer before pods that only other pods may reach', () => {
    expect(lint(api() + outward('LoadBalancer'))).toEqual([
      'service-closed at Deployment shop/api metadata.annotations[tierwall.dev/allow-from]: Service shop/api is a LoadBalancer, but nothing lets any address outside into Deployment shop/api on port 5000 => write tierwall.dev/allow-from: web, anywhere on Deployment shop/api; or make it a ClusterIP',
    ])
    expect(lint(api() + outward('NodePort'))).toHaveLength(1)
  })

  it('is silent where any address outside is let in', () => {
    for (const from of ['anywhere', 'internet', '10.3.4.0/28', '[2001:db8:5::/48]:5000'])
      expect(lint(api({ 'allow-from': from }) + outward('LoadBalancer')), from).toEqual([])
  })

  it('counts what somebody else’s policy lets in', () => {
    const from = [{ ipBlock: { cidr: '10.3.4.0/28' } }]
    const own = { podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress'], ingress: [{ from }] }
    expect(lint(api() + outward('LoadBalancer') + policy('own', own))).toEqual([])
  })

  it('is silent where one of its ports is open', () => {
    const ports = [
      { name: 'a', port: 80, targetPort: 5000 },
      { name: 'b', port: 9090 },
    ]
    expect(lint(api({ 'allow-from': 'web, anywhere:9090' }) + outward('LoadBalancer', ports))).toEqual([])
    expect(lint(api({ 'allow-from': 'web, anywhere:9091' }) + outward('LoadBalancer', ports))).toHaveLength(1)
  })

  it('judges each port by its protocol', () => {
    const dns = (from: string) =>
      workload('web', { tier: 'web' }) +
      workload('dns', { tier: 'dns', ports: '5353/UDP', 'allow-from': from }) +
      service('dns', {
        type: 'LoadBalancer',
        selector: { app: 'dns' },
        ports: [{ port: 53, targetPort: 5353, protocol: 'UDP' }],
      })
    expect(lint(dns('anywhere'))).toEqual([])
    expect(lint(dns('web'))[0]).toContain('on port 5353/UDP => write tierwall.dev/allow-from: web, anywhere on')
  })

  it('says which port is missing where anybody may come on another', () => {
    const web = (...more: string[]) => [workload('web', { tier: 'web' }), ...more].join('')
    const https = service('web', {
      type: 'LoadBalancer',
      selector: { app: 'web' },
      ports: [{ port: 443, targetPort: 8443 }],
    })
    expect(lint(web(https))).toEqual([
      'service-closed at Deployment shop/web metadata.annotations[tierwall.dev/ports]: Service shop/web is a LoadBalancer, but nothing lets any address outside into Deployment shop/web on port 8443 => write tierwall.dev/ports: "80, 8443" on Deployment shop/web; or make it a ClusterIP',
    ])
    expect(lint(web(https, appTier('web', { ports: [{ port: 80 }] })))[0]).toContain(
      'add {port: 8443} to spec.ports of AppTier shop/web',
    )
    const half = workload('web', { tier: 'web', ports: '80, 82', 'allow-from': 'anywhere:80, cluster' })
    expect(lint(half + https)[0]).toContain('write tierwall.dev/ports: "80, 82, 8443"')
    const selecting = appTier('web', { selector: { matchLabels: { app: 'web' } } })
    expect(lint(web(https, selecting))[0]).toContain('write ports: [{port: 80}, {port: 8443}] on AppTier shop/web')
  })

  it('leaves a tier whose ports are doubtful to the checks of ports', () => {
    const web = (annotations: Readonly<Record<string, string>>, port: number) =>
      workload('web', { tier: 'web', ...annotations }, { ports: [8080] }) +
      service('web', { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port, targetPort: 8080 }] })
    expect(lint(web({}, 80))).toEqual([])
    expect(lint(web({ ports: '8081' }, 80))).toEqual([])
    const https = service('web', {
      type: 'LoadBalancer',
      selector: { app: 'web' },
      ports: [{ port: 443, targetPort: 8443 }],
    })
    expect(lint(workload('web', { tier: 'web', ports: '8080, 8081' }, { ports: [8080] }) + https)).toEqual([])
    expect(lint(workload('web', { tier: 'web', ports: '8080' }, { ports: [8080] }) + https)).toHaveLength(1)
    expect(lint(web({ ports: '8080', 'allow-from': 'cluster' }, 80))).toHaveLength(1)
  })

  it('says what to add where an AppTier speaks', () => {
    const tier = appTier('api', {
      ports: [{ port: 5000 }],
      from: [{ tier: 'web', ports: [{ port: 5000 }, { port: 5001 }] }],
    })
    expect(lint(tier + api() + outward('LoadBalancer'))).toEqual([
      'service-closed at AppTier shop/api spec.from: Service shop/api is a LoadBalancer, but nothing lets any address outside into Deployment shop/api on port 5000 => add {anywhere: true} to spec.from of AppTier shop/api; or make it a ClusterIP',
    ])
  })

  it('is silent where some of the pods cannot be judged', () => {
    const onHost = workload('agent', { tier: 'agent' }, { selector: { app: 'api', on: 'host' } }).replace(
      '"spec":{"containers"',
      '"spec":{"hostNetwork":true,"containers"',
    )
    expect(lint(api() + onHost + outward('LoadBalancer'))).toEqual([])
    const broken = workload('old', { tier: 'old', ports: '80-79' }, { selector: { app: 'api', on: 'pods' } })
    expect(lint(api() + broken + outward('LoadBalancer'))).toEqual([])
  })

  it('is silent about a Service without a selector, which selects nothing', () => {
    const none = service('api', { type: 'LoadBalancer', ports: [{ port: 5000 }] })
    expect(lint(workload('api', { tier: 'api' }) + none)).toEqual([])
  })

  it('is silent about Services inside, pods in no tier and namespaces that are not enforced', () => {
    expect(lint(api() + outward('ClusterIP'))).toEqual([])
    expect(lint(workload('web', { tier: 'web' }) + workload('api', {}) + outward('LoadBalancer'))).toEqual([])
    expect(lint(api() + outward('LoadBalancer'), { isolation: 'audit' })).toEqual([])
  })
})
