import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings, service } from './findings.ts'

const lint = (text: string, configuration: unknown = {}) => findings('port-undeclared', text, configuration)
const http = { name: 'http', containerPort: 8080 }
const metrics = { name: 'metrics', containerPort: 9090 }

describe('port-undeclared', () => {
  it('names the ports that the containers declare, at the entry that is meant', () => {
    expect(lint(workload('api', { tier: 'api', ports: '9090, 500' }, { ports: [5000, metrics] }))).toEqual([
      'port-undeclared at Deployment shop/api metadata.annotations[tierwall.dev/ports] 6-9: no container of Deployment shop/api declares port 500: they declare 5000, 9090 (metrics) => write tierwall.dev/ports: "5000, 9090"; or declare 500 in the container if it is right',
    ])
  })

  it('says what to write where the port is the preset’s', () => {
    expect(lint(workload('web', { tier: 'web' }, { ports: [http] }))).toEqual([
      'port-undeclared at Deployment shop/web metadata.annotations[tierwall.dev/tier]: no container of Deployment shop/web declares the preset\'s port 80: they declare 8080 (http) => write tierwall.dev/ports: "8080"; or declare 80 in the container if it is right',
    ])
  })

  it('offers the name that is a slip away', () => {
    expect(lint(workload('api', { tier: 'api', ports: 'htpp' }, { ports: [http, metrics] }))).toEqual([
      'port-undeclared at Deployment shop/api metadata.annotations[tierwall.dev/ports] 0-4: no container of Deployment shop/api declares port htpp: they declare 8080 (http), 9090 (metrics) => write tierwall.dev/ports: "http"; or give a container port the name htpp',
    ])
  })

  it('counts the protocol as part of the port', () => {
    expect(lint(workload('dns', { tier: 'dns', ports: '53/UDP', 'allow-from': 'namespace' }, { ports: [53] }))).toEqual(
      [
        'port-undeclared at Deployment shop/dns metadata.annotations[tierwall.dev/ports] 0-6: no container of Deployment shop/dns declares port 53/UDP: they declare 53 => write tierwall.dev/ports: "53"; or declare 53/UDP in the container if it is right',
      ],
    )
  })

  it('offers ports of the same protocol, where there are any', () => {
    const dns = [{ name: 'dns', containerPort: 53, protocol: 'UDP' }, http]
    expect(lint(workload('dns', { tier: 'dns', ports: '54/UDP' }, { ports: dns }))[0]).toContain(
      '=> write tierwall.dev/ports: "53/UDP"; or declare 54/UDP',
    )
  })

  it('is silent about a number where no container declares any port, for they need not', () => {
    expect(lint(workload('web', { tier: 'web' }) + workload('api', { tier: 'api', ports: '5001' }))).toEqual([])
  })

  it('warns of a name where no container declares any port, for it is found nowhere else', () => {
    expect(lint(workload('api', { tier: 'api', ports: 'http' }))).toEqual([
      'port-undeclared at Deployment shop/api metadata.annotations[tierwall.dev/ports] 0-4: no container of Deployment shop/api declares port http: they declare none => give a container port the name http, or write the number',
    ])
  })

  it('takes a range for right as long as a declared port lies in it', () => {
    expect(lint(workload('api', { tier: 'api', ports: '8000-8100' }, { ports: [http] }))).toEqual([])
    expect(lint(workload('api', { tier: 'api', ports: '8000-8010' }, { ports: [http] }))).toHaveLength(1)
  })

  it('judges an AppTier by all workloads that it speaks for', () => {
    const tier = appTier('api', {
      ports: [{ port: 8080 }, { port: 'metrics' }, { port: 7070 }],
      from: [{ tier: 'web' }],
    })
    const one = workload('api', { tier: 'api' }, { ports: [http] })
    const other = workload('worker', { tier: 'api' }, { ports: [metrics] })
    expect(lint(tier + one + other)).toEqual([
      'port-undeclared at AppTier shop/api spec.ports[2]: no container of Deployment shop/api, Deployment shop/worker declares port 7070: they declare 8080 (http), 9090 (metrics) => take 7070 away, or declare 7070 in the container if it is right',
    ])
  })

  it('points to the field that is missing in an AppTier with a preset', () => {
    const tier = appTier('web', { selector: { matchLabels: { app: 'web' } } })
    expect(lint(tier + workload('web', {}, { ports: [http] }))).toEqual([
      "port-undeclared at AppTier shop/web spec.ports: no container of Deployment shop/web declares the preset's port 80: they declare 8080 (http) => write ports: [{port: 8080}]; or declare 80 in the container if it is right",
    ])
  })

  it('judges the ports of a from entry', () => {
    const web = workload(
      'web',
      { tier: 'web', ports: '8080', 'allow-from': 'anywhere, cluster:admin' },
      { ports: [http] },
    )
    const api = appTier('api', { ports: [{ port: 8080 }], from: [{ tier: 'web', ports: [{ port: 81 }] }] })
    expect(lint(web + api + workload('api', { tier: 'api' }, { ports: [http] }))).toEqual([
      'port-undeclared at AppTier shop/api spec.from[0].ports: no container of Deployment shop/api declares port 81 for web: they declare 8080 (http) => write {port: 8080}; or declare 81 in the container if it is right',
      'port-undeclared at Deployment shop/web metadata.annotations[tierwall.dev/allow-from] 10-23: no container of Deployment shop/web declares port admin for cluster: they declare 8080 (http) => write cluster:8080; or give a container port the name admin',
    ])
  })

  it('judges the ports that a named peer brings', () => {
    const peers = { monitoring: { namespaceSelector: { matchLabels: { team: 'ops' } }, ports: [{ port: 'metrics' }] } }
    const web = workload('web', { tier: 'web', 'allow-from': '@monitoring' }, { ports: [80] })
    expect(lint(web, { peers })).toEqual([
      'port-undeclared at Deployment shop/web metadata.annotations[tierwall.dev/allow-from] 0-11: no container of Deployment shop/web declares port metrics for @monitoring: they declare 80 => write @monitoring:80; or give a container port the name metrics',
    ])
  })

  it('tells of a baseline port once, and only where no workload at all declares it', () => {
    const baseline = { from: ['*.monitoring:metrics'] }
    const web = workload('web', { tier: 'web' }, { ports: [80] })
    const api = workload('api', { tier: 'api' }, { ports: [5000] })
    const db = workload('db', { tier: 'db' }, { ports: [3306, metrics] })
    expect(lint(web + api + db, { baseline })).toEqual([])
    expect(lint(web + api, { baseline })).toEqual([
      'port-undeclared at configuration baseline.from[0]: no container of Deployment shop/api, Deployment shop/web declares port metrics for *.monitoring: they declare 80, 5000 => write *.monitoring:80, or *.monitoring:5000; or give a container port the name metrics',
    ])
  })

  it('says nothing of pods that it does not know', () => {
    expect(lint(appTier('api', { selector: { matchLabels: { app: 'api' } }, ports: [{ port: 'http' }] }))).toEqual([])
  })

  it('leaves a Service’s port to the check that knows the port behind it', () => {
    const behind = service('web', { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] })
    expect(lint(workload('web', { tier: 'web' }, { ports: [http] }) + behind)).toEqual([])
  })
})
