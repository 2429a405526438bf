import { describe, expect, it } from 'vitest'
import { workload } from '../decide.ts'
import { findings, namespace, pod, policy, threeTiers } from './findings.ts'

const lint = (text: string, configuration: unknown = {}) => findings('foreign-policy-opens', text, configuration)
const pods = (matchLabels: object) => ({ podSelector: { matchLabels } })
const port = (port: number | string, protocol = 'TCP') => ({ port, protocol })

describe('foreign-policy-opens', () => {
  it('names a flow that a policy lets in from outside', () => {
    expect(lint(threeTiers() + policy('open', { podSelector: {}, ingress: [{}] }))).toEqual([
      "foreign-policy-opens at NetworkPolicy shop/open spec.ingress: it lets 203.0.113.77 connect to Deployment shop/api on TCP port 5000, which Tierwall's policies keep shut => delete it, or say the same in tierwall.dev/allow-from of Deployment shop/api",
    ])
  })

  it('names a flow that a policy lets out', () => {
    const out = {
      ...pods({ app: 'db' }),
      egress: [{ to: [{ ipBlock: { cidr: '10.8.0.0/16' } }], ports: [port(5432)] }],
    }
    expect(lint(threeTiers() + policy('out', { ...out, policyTypes: ['Egress'] }))).toEqual([
      "foreign-policy-opens at NetworkPolicy shop/out spec.egress: it lets Deployment shop/db connect to 10.8.0.1 on TCP port 5432, which Tierwall's policies keep shut => delete it, or say the same in tierwall.dev/allow-to of Deployment shop/db",
    ])
  })

  it('knows pods by their labels, in this namespace and in others', () => {
    const fromWeb = policy('web-to-db', {
      ...pods({ app: 'db' }),
      ingress: [{ from: [pods({ app: 'web' })], ports: [port(3306)] }],
    })
    const webOut = policy('web-out', {
      ...pods({ app: 'web' }),
      policyTypes: ['Egress'],
      egress: [{ to: [pods({ app: 'db' })] }],
    })
    expect(lint(threeTiers() + fromWeb + webOut)).toHaveLength(2)
    const scraper = { namespaceSelector: { matchLabels: { team: 'ops' } }, ...pods({ app: 'prometheus' }) }
    const scrape = policy('scrape', { podSelector: {}, ingress: [{ from: [scraper], ports: [port(9090)] }] })
    const ops = namespace('ops', { team: 'ops' }) + pod('prometheus', { namespace: 'ops' })
    expect(lint(threeTiers() + scrape + ops)).toEqual([
      "foreign-policy-opens at NetworkPolicy shop/scrape spec.ingress: it lets Pod ops/prometheus connect to Deployment shop/api on TCP port 9090, which Tierwall's policies keep shut => delete it, or say the same in tierwall.dev/allow-from of Deployment shop/api",
    ])
  })

  it('makes up a pod where the input has none that the rule means', () => {
    const scraper = { namespaceSelector: { matchLabels: { team: 'ops' } } }
    const scrape = policy('scrape', {
      podSelector: {},
      ingress: [{ from: [scraper], ports: [port('admin'), port(9090)] }],
    })
    expect(lint(threeTiers() + scrape)[0]).toContain(
      'it lets a pod in a namespace with team=ops connect to Deployment shop/api on TCP port 9090',
    )
  })

  it('finds what lies behind an exception, in another protocol and at the end of a range', () => {
    const hole = { ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.0/25'] } }
    const range = policy('range', {
      ...pods({ app: 'db' }),
      ingress: [{ from: [hole], ports: [{ port: 3306, endPort: 3310, protocol: 'UDP' }] }],
    })
    expect(lint(threeTiers() + range)[0]).toContain(
      'it lets 203.0.113.255 connect to Deployment shop/db on UDP port 3306',
    )
    const web = { ...pods({ app: 'web' }), ingress: [{ ports: [{ port: 79, endPort: 81, protocol: 'TCP' }] }] }
    expect(lint(threeTiers() + policy('range', web))[0]).toContain('on TCP port 79')
  })

  it('finds the one port between two ranges that were open', () => {
    const api = workload(
      'api',
      { tier: 'api', ports: '1-5000, 5002-65535', 'allow-from': 'anywhere' },
      { ports: [5000] },
    )
    expect(lint(api + policy('open', { podSelector: {}, ingress: [{}] }))[0]).toContain('on TCP port 5001')
  })

  it('prefers ports that somebody names', () => {
    const range = (ports?: object[]) => policy('open', { podSelector: {}, ingress: [ports ? { ports } : {}] })
    expect(lint(workload('w', { tier: 'w' }, { ports: [7000] }) + range())[0]).toContain('on TCP port 7000')
    expect(lint(workload('w', { tier: 'w' }) + range([port(443), port(8080)]))[0]).toContain('on TCP port 443')
    expect(lint(workload('w', { tier: 'w' }) + range([port(8080), port(443)]))[0]).toContain('on TCP port 8080')
    expect(lint(workload('w', { tier: 'w' }) + range())[0]).toContain('on TCP port 443')
  })

  it('looks a port’s name up where the flow ends', () => {
    const metrics = workload('w', { tier: 'w' }, { ports: [{ name: 'metrics', containerPort: 9090 }] })
    expect(lint(metrics + policy('open', { podSelector: {}, ingress: [{ ports: [port('metrics')] }] }))[0]).toContain(
      'on TCP port 9090',
    )
    expect(lint(metrics + policy('open', { podSelector: {}, ingress: [{ ports: [port('other')] }] }))).toEqual([])
  })

  it('names the policy where several of them open the same', () => {
    const two = ['one', 'two'].map(name => policy(name, { ...pods({ app: 'db' }), ingress: [{}] }))
    expect(lint(threeTiers() + two.join(''))).toHaveLength(2)
  })

  it('is silent about a policy that allows nothing more', () => {
    const same = { ...pods({ app: 'db' }), ingress: [{ from: [pods({ app: 'api' })], ports: [port(3306)] }] }
    expect(lint(threeTiers() + policy('same', same))).toEqual([])
    expect(lint(threeTiers() + policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }))).toEqual([])
    expect(lint(threeTiers() + policy('web', { ...pods({ app: 'web' }), ingress: [{ ports: [port(80)] }] }))).toEqual(
      [],
    )
    expect(lint(threeTiers() + policy('nobody', { ...pods({ app: 'x' }), ingress: [{}] }))).toEqual([])
  })

  it('is silent about a rule that the other side keeps shut', () => {
    const fromWeb = { ...pods({ app: 'db' }), ingress: [{ from: [pods({ app: 'web' })], ports: [port(3306)] }] }
    expect(lint(threeTiers() + policy('half', fromWeb))).toEqual([])
  })

  it('blames the policy that opens, not its neighbours', () => {
    const db = workload('db', { tier: 'db', 'allow-from': '10.0.0.0/8:3306' }, { ports: [3306] })
    const office = { ipBlock: { cidr: '10.0.0.0/8' } }
    const open = policy('open', { ...pods({ app: 'db' }), ingress: [{ from: [office] }] })
    const same = policy('same', { ...pods({ app: 'db' }), ingress: [{ from: [office], ports: [port(3306)] }] })
    expect(lint(db + open + same).map(line => line.split(' ')[3])).toEqual(['shop/open'])
  })

  it('judges pods in no tier as well', () => {
    const own = policy('own', { ...pods({ app: 'cron' }), ingress: [{ ports: [port(80)] }] })
    expect(lint(threeTiers() + workload('cron', {}) + own)[0]).toContain(
      'delete it, or give Deployment shop/cron a tier that says the same',
    )
  })

  it('is silent about Tierwall’s own policies, other namespaces and namespaces that are not enforced', () => {
    const open = { podSelector: {}, ingress: [{}] }
    const labels = { 'app.kubernetes.io/managed-by': 'tierwall' }
    expect(lint(threeTiers() + policy('stale', open, { labels }))).toEqual([])
    expect(lint(threeTiers() + policy('tierwall-web', open))).toEqual([])
    expect(lint(threeTiers() + policy('open', open, { namespace: 'other' }))).toEqual([])
    expect(lint(threeTiers() + policy('open', open), { isolation: 'audit' })).toEqual([])
  })

  it('does not judge a tier that keeps its last good policy', () => {
    const broken = workload('db', { tier: 'db', ports: '80-79' })
    expect(
      lint(broken + workload('web', { tier: 'web' }) + policy('db', { ...pods({ app: 'db' }), ingress: [{}] })),
    ).toEqual([])
  })
})
