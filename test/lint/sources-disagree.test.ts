import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings } from './findings.ts'

const lint = (annotations: Readonly<Record<string, string>>, spec: object, configuration: unknown = {}) =>
  findings(
    'sources-disagree',
    workload('db', { tier: 'db', ...annotations }, { ports: [{ name: 'mysql', containerPort: 3306 }] }) +
      appTier('db', spec),
    configuration,
  )

describe('sources-disagree', () => {
  it('tells of ports that the annotation overrides', () => {
    expect(lint({ ports: '3307' }, { ports: [{ port: 3306 }] })).toEqual([
      "sources-disagree at Deployment shop/db metadata.annotations[tierwall.dev/ports]: Deployment shop/db says '3307', AppTier shop/db says '3306': the annotation counts => take the annotation away, or write tierwall.dev/ports: \"3306\"",
    ])
  })

  it('tells of peers that the annotation overrides, in both directions', () => {
    expect(lint({ 'allow-from': 'api, web:80' }, { from: [{ tier: 'api' }] })).toEqual([
      "sources-disagree at Deployment shop/db metadata.annotations[tierwall.dev/allow-from]: Deployment shop/db says 'api, web:80', AppTier shop/db says 'api': the annotation counts => take the annotation away, or write tierwall.dev/allow-from: api",
    ])
    expect(lint({ 'allow-to': 'none' }, { to: [{ cidr: '10.0.0.0/8', ports: [{ port: 80 }] }] })).toEqual([
      "sources-disagree at Deployment shop/db metadata.annotations[tierwall.dev/allow-to]: Deployment shop/db says 'none', AppTier shop/db says '10.0.0.0/8:80': the annotation counts => take the annotation away, or write tierwall.dev/allow-to: \"10.0.0.0/8:80\"",
    ])
  })

  it('compares what is meant, not how it is spelt', () => {
    expect(lint({ ports: '80, 81, 82' }, { ports: [{ port: 80, endPort: 82 }] })).toEqual([])
    expect(lint({ ports: 'mysql' }, { ports: [{ port: 3306 }] })).toEqual([])
    expect(
      lint(
        { 'allow-from': 'api, -/web.shop, *.shop' },
        { from: [{ sameNamespace: true }, { tier: 'web' }, { tier: 'api' }] },
      ),
    ).toEqual([])
    expect(lint({ 'allow-from': 'api:3306' }, { from: [{ tier: 'api' }] })).toEqual([])
    expect(
      lint(
        { 'allow-to': 'internet:443, internet:80' },
        { to: [{ internet: true, ports: [{ port: 80 }, { port: 443 }] }] },
      ),
    ).toEqual([])
  })

  it('takes a protocol, a name that no container has, and other ports of a peer for a difference', () => {
    expect(lint({ ports: '3306/UDP' }, { ports: [{ port: 3306 }] })).toHaveLength(1)
    expect(lint({ ports: 'other' }, { ports: [{ port: 3306 }] })).toHaveLength(1)
    expect(lint({ 'allow-from': 'api:3307' }, { from: [{ tier: 'api' }] })).toHaveLength(1)
    expect(lint({ 'allow-to': 'internet' }, { to: [{ internet: true, ports: [{ port: 443 }] }] })).toHaveLength(1)
  })

  it('does not offer as an annotation what only an AppTier can say', () => {
    const client = { podSelector: { matchLabels: { role: 'client' } } }
    expect(lint({ 'allow-from': 'api' }, { from: [client] })[0]).toContain(
      "says 'pods role=client': the annotation counts => take the annotation away",
    )
    expect(lint({ 'allow-from': 'api' }, { from: [client] })[0]).not.toContain('write')
    expect(lint({ 'allow-from': 'api' }, { from: [{ tier: 'web' }, client] })[0]).not.toContain('write')
  })

  it('writes a peer of several ports as several entries', () => {
    const ports = [{ port: 80 }, { port: 443 }]
    expect(lint({ 'allow-to': 'none' }, { to: [{ internet: true, ports }] })[0]).toContain(
      'write tierwall.dev/allow-to: internet:80, internet:443',
    )
  })

  it('leaves the baseline out, which both sides get', () => {
    const baseline = { from: ['*.monitoring:9090'] }
    expect(lint({ 'allow-from': 'api' }, { from: [{ tier: 'api' }] }, { baseline })).toEqual([])
  })

  it('is silent where only one of them says anything', () => {
    expect(lint({ ports: '3307' }, { from: [{ tier: 'api' }] })).toEqual([])
    expect(lint({}, { ports: [{ port: 3307 }] })).toEqual([])
  })
})
