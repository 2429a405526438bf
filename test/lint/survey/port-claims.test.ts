import { describe, expect, it } from 'vitest'
import { writeSource } from '../../../src/api/source.ts'
import { gatherPortClaims } from '../../../src/lint/survey/port-claims.ts'
import { appTier, decideYaml, workload } from '../../decide.ts'

const instead = { by: 'number', first: 5, last: 5, protocol: 'UDP' } as const

/** Where each port stands, what it is called, and what would be written instead. */
function claims(text: string, configuration: unknown = {}): string[] {
  return gatherPortClaims(decideYaml(text, configuration)).map(({ source, text, rewrite }) => {
    const span = source.said === 'object' && source.span ? ` ${source.span.join('-')}` : ''
    return `${writeSource(source)}${span}: ${text} => ${rewrite(instead)}`
  })
}

describe('gatherPortClaims', () => {
  it('finds each port of an annotation where it stands', () => {
    const place = 'Deployment shop/w metadata.annotations[tierwall.dev/ports]'
    expect(claims(workload('w', { tier: 'w', ports: '90-99, http , 53/UDP' }))).toEqual([
      `${place} 14-20: port 53/UDP => tierwall.dev/ports: "5/UDP, 90-99, http"`,
      `${place} 0-5: port 90-99 => tierwall.dev/ports: "53/UDP, 5/UDP, http"`,
      `${place} 7-11: port http => tierwall.dev/ports: "53/UDP, 90-99, 5/UDP"`,
    ])
  })

  it('finds each port of an AppTier where it stands', () => {
    const ports = [
      { port: 'http' },
      { port: 90, endPort: 95 },
      { port: 90, protocol: 'UDP' },
      { port: 90, endPort: 99 },
      { port: 91, endPort: 95 },
      { port: 90 },
      { port: 'http', protocol: 'UDP' },
    ]
    const tier = appTier('w', { ports }) + workload('w', { tier: 'w' })
    expect(claims(tier).sort()).toEqual([
      'AppTier shop/w spec.ports[0]: port http => {port: 5, protocol: UDP}',
      'AppTier shop/w spec.ports[1]: port 90-95 => {port: 5, protocol: UDP}',
      'AppTier shop/w spec.ports[2]: port 90/UDP => {port: 5, protocol: UDP}',
      'AppTier shop/w spec.ports[3]: port 90-99 => {port: 5, protocol: UDP}',
      'AppTier shop/w spec.ports[4]: port 91-95 => {port: 5, protocol: UDP}',
      'AppTier shop/w spec.ports[5]: port 90 => {port: 5, protocol: UDP}',
      'AppTier shop/w spec.ports[6]: port http/UDP => {port: 5, protocol: UDP}',
    ])
  })

  it('finds the ports of from entries, the same port of two entries twice', () => {
    expect(claims(workload('w', { tier: 'w', ports: 'none', 'allow-from': 'cluster:80, namespace:80' }))).toEqual([
      'Deployment shop/w metadata.annotations[tierwall.dev/allow-from] 0-10: port 80 for cluster => cluster:5/UDP',
      'Deployment shop/w metadata.annotations[tierwall.dev/allow-from] 12-24: port 80 for namespace => namespace:5/UDP',
    ])
  })

  it('knows the ports that a named peer brings, unless the entry has its own', () => {
    const peers = { ops: { cidr: '10.0.0.0/8', ports: [{ port: 90 }] } }
    const from = (list: object[]) => appTier('w', { selector: { matchLabels: { app: 'w' } }, ports: [], from: list })
    expect(claims(from([{ named: 'ops' }]), { peers })).toEqual([
      'AppTier shop/w spec.from[0]: port 90 for @ops => ports: [{port: 5, protocol: UDP}]',
    ])
    expect(claims(from([{ named: 'ops', ports: [{ port: 80 }] }]), { peers })).toEqual([
      'AppTier shop/w spec.from[0].ports: port 80 for @ops => {port: 5, protocol: UDP}',
    ])
  })

  it('writes several ports of the configuration’s baseline as several entries', () => {
    const baseline = { from: [{ cluster: true, ports: [{ port: 80 }, { port: 81 }] }] }
    expect(claims(workload('w', { tier: 'w' }), { baseline })).toEqual([
      'configuration baseline.from[0]: port 80 for cluster => cluster:5/UDP, cluster:81',
      'configuration baseline.from[0]: port 81 for cluster => cluster:80, cluster:5/UDP',
    ])
  })

  it('takes a field of an AppTier for one claim of all its workloads', () => {
    const tier = appTier('w', { ports: [{ port: 80 }] })
    const text = tier + workload('a', { tier: 'w' }) + workload('b', { tier: 'w' })
    expect(gatherPortClaims(decideYaml(text)).map(({ members }) => members.length)).toEqual([2])
  })
})
