import { describe, expect, test } from 'vitest'
import { ask, contextOf, judge, pod, threeTiers, workload } from '../shop.ts'

const shop = contextOf(threeTiers)

describe('a question', () => {
  test('is answered by what Tierwall would write', () => {
    expect(judge('web', 'api', '5000', shop)).toBe('allowed')
    expect(judge('api', 'db', '3306', shop)).toBe('allowed')
    expect(judge('web', 'db', '3306', shop)).toBe('denied')
    expect(judge('api', 'web', '80', shop)).toBe('denied')
  })

  test('about strangers is denied although a tier may', () => {
    expect(judge('anywhere', 'db', '3306', shop)).toBe('denied')
    expect(judge('anywhere', 'web', '80', shop)).toBe('allowed')
  })

  test('about a tier open to the internet depends: addresses may, pods may not', () => {
    const open = contextOf(workload('web', { annotations: { tier: 'web', 'allow-from': 'internet' } }))
    expect(judge('anywhere', 'web', '80', open)).toBe('depends')
    expect(judge('8.8.8.8', 'web', '80', open)).toBe('allowed')
  })

  test('counts on policies of the input where Tierwall writes none', () => {
    const policy = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {role: db}}, ingress: [{from: [{podSelector: {matchLabels: {role: api}}}]}]}
`
    const raw = contextOf(
      pod('db-0', { labels: '{role: db}' }) + pod('api-0', { labels: '{role: api}' }) + pod('web-0') + policy,
    )
    expect(judge('api-0', 'db-0', '3306', raw)).toBe('allowed')
    expect(judge('web-0', 'db-0', '3306', raw)).toBe('denied')
  })

  test('counts a policy of the input once that Tierwall would write anew', () => {
    const stale = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: tierwall-db.statefulset, namespace: shop}
spec: {podSelector: {}, ingress: [{}]}
`
    expect(judge('web', 'db', '3306', contextOf(threeTiers + stale))).toBe('denied')
  })

  test('in audit is answered by what is there, since nothing is written', () => {
    const audit = `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, annotations: {tierwall.dev/isolation: audit}}\n`
    expect(judge('web', 'db', '3306', contextOf(threeTiers + audit))).toBe('allowed')
  })

  test('about pods of which some may is answered by: it depends', () => {
    const mixed = contextOf(
      threeTiers + pod('db-0', { labels: '{role: db}' }) + pod('db-1', { labels: '{role: db, also: open}' }) + open,
    )
    expect(judge('web', 'db', '3306', mixed)).toBe('depends')
    expect(judge('web', 'po/db-1', '3306', mixed)).toBe('allowed')
  })

  test("about pods on their node's network is allowed where no policy holds them", () => {
    const host = contextOf(threeTiers + workload('agent', { hostNetwork: true, ports: [9100] }))
    expect(judge('anywhere', 'agent', '9100', host)).toBe('allowed')
    expect(judge('agent', 'db', '3306', host)).toBe('denied')
  })

  test('leaves out ends that share no address family', () => {
    const annotations = { tier: 'web', 'allow-from': 'internet, cluster' }
    const yaml = workload('web', { annotations }) + pod('web-0', { labels: '{role: web}', ip: '10.0.0.4' })
    expect(judge('anywhere', 'web', '80', contextOf(yaml))).toBe('allowed')
  })

  test('about a workload and itself is about two of its pods', () => {
    expect(judge('db', 'db', '3306', shop)).toBe('denied')
  })

  test('about one pod and itself is allowed', () => {
    const single = contextOf(threeTiers + pod('db-0', { labels: '{role: db}' }))
    expect(judge('po/db-0', 'po/db-0', '3306', single)).toBe('allowed')
    expect(judge('db', 'db', '3306', single)).toBe('denied')
  })
})

const open = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop}
spec: {podSelector: {matchLabels: {also: open}}, ingress: [{}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec: {podSelector: {matchLabels: {role: web}}, policyTypes: [Egress], egress: [{}]}
`

describe('the ports of a question', () => {
  const spans = (from: string, to: string, context = shop, port?: string) =>
    ask(from, to, port, context).ports.map(
      ({ span: { first, last, protocol }, judgement }) => `${first}-${last}/${protocol} ${judgement}`,
    )

  test('without one are those that containers, tier and rules declare', () => {
    const context = contextOf(
      workload('web', { annotations: { tier: 'web' } }) +
        workload('api', { annotations: { tier: 'api', ports: '5000, metrics' }, ports: [7000, 'metrics:9090'] }),
    )
    expect(spans('web', 'api', context)).toEqual([
      '5000-5000/TCP allowed',
      '7000-7000/TCP denied',
      '9090-9090/TCP allowed',
    ])
  })

  test('may be a range, which is cut where the verdict changes', () => {
    const context = contextOf(
      workload('web', { annotations: { tier: 'web' } }) +
        workload('api', { annotations: { tier: 'api', ports: '8000-8010', 'allow-from': 'web:8003-8005' } }),
    )
    expect(spans('web', 'api', context)).toEqual([
      '8000-8002/TCP denied',
      '8003-8005/TCP allowed',
      '8006-8010/TCP denied',
    ])
    expect(judge('web', 'api', '8003-8005', context)).toBe('allowed')
    expect(judge('web', 'api', '8000-8010', context)).toBe('depends')
  })

  test('may be a name, which the containers of the destination explain', () => {
    const named = contextOf(threeTiers + workload('x', { annotations: { tier: 'x' }, ports: ['http:8080'] }))
    expect(spans('web', 'x', named, 'http')).toEqual(['8080-8080/TCP denied'])
    expect(() => spans('web', 'api', shop, 'http')).toThrow('api has no port named http/TCP')
  })

  test('are those that the way out names where the destination is an address', () => {
    const context = contextOf(workload('web', { annotations: { tier: 'web', 'allow-to': 'internet:443' } }))
    expect(spans('web', '8.8.8.8', context)).toEqual(['443-443/TCP allowed'])
  })

  test('are all where nobody declares any', () => {
    expect(spans('anywhere', 'lone', contextOf(workload('lone')))).toEqual(['1-65535/TCP allowed'])
  })

  test('allow as soon as one of them is open to all pairs', () => {
    const context = contextOf(
      workload('web', { annotations: { tier: 'web' } }) +
        workload('api', { annotations: { tier: 'api' }, ports: [7000] }),
    )
    expect(judge('web', 'api', undefined, context)).toBe('allowed')
    expect(judge('web', 'api', '7000', context)).toBe('denied')
  })
})
