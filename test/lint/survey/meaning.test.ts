import { describe, expect, it } from 'vitest'
import { meaningOfPeers, meaningOfPorts } from '../../../src/lint/survey/meaning.ts'
import { appTier, decideYaml, workload } from '../../decide.ts'

/** The meaning of an annotation's ports, on pods that declare 8080 as http and 9090 without a name. */
function portsMean(ports: string): string {
  const [member] = decideYaml(
    workload('w', { tier: 'w', ports }, { ports: [{ name: 'http', containerPort: 8080 }, 9090] }),
  ).graph.members
  return member && member.ports.is !== 'broken' ? meaningOfPorts(member.ports.value, member) : 'broken'
}

function peersMean(to: object[]): string {
  const text = appTier('w', { app: 'shop', selector: { matchLabels: { app: 'w' } }, to })
  const [member] = decideYaml(text).graph.members
  return member && member.to.is !== 'broken' ? meaningOfPeers(member.to.value, 'to', member) : 'broken'
}

describe('meaningOfPorts', () => {
  it('joins ranges that touch or overlap, protocol by protocol', () => {
    expect(portsMean('80-90, 91, 85-95')).toBe('80-95')
    expect(portsMean('80, 82')).toBe('80,82')
    expect(portsMean('80-90, 85')).toBe('80-90')
    expect(portsMean('80, 81/UDP, 82')).toBe('80,81/UDP,82')
    expect(portsMean('80, 81/UDP, 81, 82/UDP')).toBe('80-81,81-82/UDP')
  })

  it('reads a name as the port that the containers give it', () => {
    expect(portsMean('http')).toBe('8080')
    expect(portsMean('http, 8081')).toBe('8080-8081')
    expect(portsMean('http/UDP')).toBe('http/UDP')
    expect(portsMean('admin, 80, zoo, 8')).toBe('8,80,admin,zoo')
  })

  it('does not take a number for the name of a port that has none', () => {
    expect(portsMean('70')).toBe('70')
  })
})

describe('meaningOfPeers', () => {
  const ports = (...numbers: number[]) => ({ ports: numbers.map(port => ({ port })) })

  it('unites the ports of a peer that stands twice', () => {
    expect(
      peersMean([
        { internet: true, ...ports(80) },
        { internet: true, ...ports(81) },
      ]),
    ).toBe('internet on 80-81')
    expect(peersMean([{ internet: true, ...ports(80) }, { internet: true }])).toBe('internet on all')
    expect(peersMean([{ internet: true }, { internet: true, ...ports(80) }])).toBe('internet on all')
  })

  it('reads a tier and an app in its own namespace and app', () => {
    expect(peersMean([{ tier: 'db' }])).toBe(peersMean([{ tier: 'db', app: 'shop', namespace: 'shop' }]))
    expect(peersMean([{ tier: 'db' }])).not.toBe(peersMean([{ tier: 'db', app: '-' }]))
    expect(peersMean([{ tier: '*', app: 'shop' }])).toBe('shop/shop/* on all')
    expect(peersMean([{ tier: 'db' }])).toBe('shop/shop/db on all')
  })

  it('takes the order of peers, values and exceptions for spelling', () => {
    const role = (...values: string[]) => ({
      podSelector: { matchExpressions: [{ key: 'role', operator: 'In', values }] },
    })
    expect(peersMean([{ internet: true }, role('a', 'b')])).toBe(peersMean([role('b', 'a'), { internet: true }]))
    expect(peersMean([role('a')])).not.toBe(peersMean([role('b')]))
    const cidr = '10.0.0.0/8'
    expect(peersMean([{ cidr, except: ['10.1.0.0/16', '10.2.0.0/16'] }])).toBe(
      peersMean([{ cidr, except: ['10.2.0.0/16', '10.1.0.0/16'] }]),
    )
  })

  it('tells pods from namespaces of the same labels', () => {
    const matchLabels = { team: 'ops' }
    expect(peersMean([{ podSelector: { matchLabels } }])).not.toBe(peersMean([{ namespaceSelector: { matchLabels } }]))
  })
})
