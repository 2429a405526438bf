import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings, service } from './findings.ts'

const lint = (text: string) => findings('port-is-service-port', text)
const web = (annotations: Readonly<Record<string, string>> = {}, ports: readonly number[] = [8080]) =>
  workload(
    'web',
    { tier: 'web', ...annotations },
    { ports: ports.map(port => ({ name: `p${port}`, containerPort: port })) },
  )
const toPort = (targetPort: number | string, more: object = {}) =>
  service('web', { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort }], ...more })

describe('port-is-service-port', () => {
  it('says on which port the pods behind the Service listen', () => {
    expect(lint(web({ ports: '443, 80' }) + toPort(8080))).toEqual([
      'port-is-service-port at Deployment shop/web metadata.annotations[tierwall.dev/ports] 5-7: port 80 is the port of Service shop/web: the pods behind it listen on 8080 => write tierwall.dev/ports: "8080, 443"',
    ])
  })

  it('looks a targetPort’s name up in the containers', () => {
    expect(lint(web({ ports: '80' }) + toPort('p8080'))).toEqual([
      'port-is-service-port at Deployment shop/web metadata.annotations[tierwall.dev/ports] 0-2: port 80 is the port of Service shop/web: the pods behind it listen on 8080 => write tierwall.dev/ports: "8080"',
    ])
  })

  it('takes the container port that the targetPort names, among others', () => {
    expect(lint(web({ ports: '80' }, [8080, 9090]) + toPort('p9090'))[0]).toContain('listen on 9090 =>')
    expect(lint(web({ ports: '80' }, [8080, 9090]) + toPort('p7070'))).toEqual([])
  })

  it('knows a port of the Service by its name as well', () => {
    expect(lint(web({ ports: 'http' }) + toPort(8080))).toEqual([
      'port-is-service-port at Deployment shop/web metadata.annotations[tierwall.dev/ports] 0-4: port http is the port of Service shop/web: the pods behind it listen on 8080 => write tierwall.dev/ports: "8080"',
    ])
  })

  it('judges presets and from entries too', () => {
    const client = appTier('client', {
      selector: { matchLabels: { app: 'web' } },
      from: [{ cluster: true, ports: [{ port: 80 }] }],
    })
    expect(lint(web() + toPort(8080))).toEqual([
      'port-is-service-port at Deployment shop/web metadata.annotations[tierwall.dev/tier]: the preset\'s port 80 is the port of Service shop/web: the pods behind it listen on 8080 => write tierwall.dev/ports: "8080"',
    ])
    expect(lint(client + workload('web', {}) + toPort(8080))).toEqual([
      'port-is-service-port at AppTier shop/client spec.from[0].ports: port 80 for cluster is the port of Service shop/web: the pods behind it listen on 8080 => write {port: 8080}',
    ])
  })

  it('is silent where the pods listen on that port too', () => {
    expect(lint(web({ ports: '80' }, [80, 8080]) + toPort(8080))).toEqual([])
    expect(lint(workload('web', { tier: 'web' }) + toPort(80))).toEqual([])
    const two = [
      { port: 80, targetPort: 8080 },
      { port: 8080, targetPort: 80 },
    ]
    expect(lint(workload('web', { tier: 'web' }) + service('web', { selector: { app: 'web' }, ports: two }))).toEqual(
      [],
    )
  })

  it('leaves ranges to the check for undeclared ports', () => {
    expect(lint(web({ ports: '80-90' }) + toPort(8080))).toEqual([])
  })

  it('is silent about another protocol, other pods and a headless Service', () => {
    expect(lint(web({ ports: '80/UDP' }) + toPort(8080))).toEqual([])
    expect(lint(web() + toPort(8080, { selector: { app: 'api' } }))).toEqual([])
    expect(lint(web() + toPort(8080, { selector: {} }))).toEqual([])
    expect(lint(web() + toPort(8080, { clusterIP: 'None' }))).toEqual([])
  })
})
