import { describe, expect, it } from 'vitest'
import { writePorts } from '../../src/api/ports.ts'
import { appTier, decideYaml, workload } from '../decide.ts'

/** `client -> server: server side | client side` of every edge between tiers, the sides united. */
function edgesOf(text: string, configuration?: unknown): string[] {
  const { tierEdges } = decideYaml(text, configuration).graph
  const sides = new Map<string, [Set<string>, Set<string>]>()
  for (const { client, server, serverSide, clientSide } of tierEdges) {
    const key = `${client.ref.name} -> ${server.ref.name}`
    const known = sides.get(key) ?? [new Set(), new Set()]
    sides.set(key, known)
    for (const port of serverSide) known[0].add(writePorts([port]))
    for (const port of clientSide) known[1].add(writePorts([port]))
  }
  return [...sides]
    .map(([key, [server, client]]) => `${key}: ${[...server].sort().join(' ')} | ${[...client].sort().join(' ')}`)
    .sort()
}

const fixesOf = (text: string) => decideYaml(text).problems.map(({ code, fix }) => `${code}: ${fix}`)

describe('edges inside a namespace', () => {
  it('follow from the server, whose clients get their way out', () => {
    const text = workload('web', { tier: 'web' }) + workload('api', { tier: 'api' }) + workload('db', { tier: 'db' })
    expect(edgesOf(text)).toEqual(['api -> db: 3306 | 3306', 'web -> api: 5000 | 5000'])
  })

  it('join every workload of a tier with every workload of the other', () => {
    const text =
      ['web-a', 'web-b'].map(name => workload(name, { tier: 'web' })).join('') + workload('api', { tier: 'api' })
    expect(edgesOf(text)).toEqual(['web-a -> api: 5000 | 5000', 'web-b -> api: 5000 | 5000'])
  })

  it('take the ports of the peer in place of those of the tier', () => {
    const text =
      workload('api', { tier: 'api', 'allow-from': 'web, web:9090, mon:metrics' }) +
      workload('web', { tier: 'web' }) +
      workload('mon', { tier: 'mon' })
    expect(edgesOf(text)).toEqual(['mon -> api: metrics | metrics', 'web -> api: 5000 9090 | 5000 9090'])
  })

  it('stay inside the app unless another is named', () => {
    const part = (app: string) => ({ labels: { 'app.kubernetes.io/part-of': app } })
    const text =
      workload('web-1', { tier: 'web' }, part('one')) +
      workload('web-2', { tier: 'web' }, part('two')) +
      workload('api-1', { tier: 'api' }, part('one')) +
      workload('api-2', { tier: 'api', 'allow-from': 'one/web, two/*' }, part('two'))
    expect(edgesOf(text)).toEqual([
      'api-2 -> api-2: 5000 | 5000',
      'web-1 -> api-1: 5000 | 5000',
      'web-1 -> api-2: 5000 | 5000',
      'web-2 -> api-2: 5000 | 5000',
    ])
  })

  it('give every tier a way out to one that the whole namespace may reach', () => {
    for (const peer of ['namespace', '*.shop']) {
      const text =
        workload('log', { tier: 'log', ports: '514/UDP', 'allow-from': peer }) + workload('web', { tier: 'web' })
      expect(edgesOf(text)).toEqual(['log -> log:  | 514/UDP', 'web -> log:  | 514/UDP'])
    }
  })

  it('derive no way out from anywhere, cluster, selectors and addresses', () => {
    const from = [
      { anywhere: true },
      { cluster: true },
      { podSelector: { matchLabels: { app: 'db' } } },
      { cidr: '10.0.0.0/8' },
    ]
    const text =
      appTier('web', { from }) + workload('web', { tier: 'web' }) + workload('db', { tier: 'db', 'allow-from': 'none' })
    expect(edgesOf(text)).toEqual([])
  })

  it('open nobody’s door by `to` alone', () => {
    const text =
      workload('db', { tier: 'db', 'allow-from': 'none' }) + workload('web', { tier: 'web', 'allow-to': 'db' })
    expect(edgesOf(text)).toEqual([])
    expect(fixesOf(text)).toEqual([
      'edge-refused: add web to the allow-from of Deployment shop/db, or take this peer away',
    ])
  })

  it('need the client’s `to` where the server’s `from` names no tier', () => {
    const text = workload('web', { tier: 'web' }) + workload('probe', { tier: 'probe', 'allow-to': 'web' })
    expect(edgesOf(text)).toEqual(['probe -> web:  | 80'])
  })

  it('are narrowed by the ports of `to`, and reported where nothing is left', () => {
    const server = workload(
      'web',
      { tier: 'web', ports: '80, 8000-8010, admin' },
      { ports: [80, { name: 'admin', containerPort: 9000 }] },
    )
    expect(edgesOf(server + workload('probe', { tier: 'probe', 'allow-to': 'web:8005-9000' }))).toEqual([
      'probe -> web:  | 8005-8010 8005-9000',
    ])
    expect(edgesOf(server + workload('probe', { tier: 'probe', 'allow-to': 'web:admin' }))).toEqual([
      'probe -> web:  | admin',
    ])
    const none = server + workload('probe', { tier: 'probe', 'allow-to': 'web:81, web:80/UDP' })
    expect(edgesOf(none)).toEqual([])
    expect(fixesOf(none).map(fix => fix.split(':')[0])).toEqual(['ports-nothing-left', 'ports-nothing-left'])
  })
})

describe('edges across namespaces', () => {
  const data = { namespace: 'data' }
  const db = (from: string) => workload('db', { tier: 'db', 'allow-from': from }, data)
  const web = (to?: string) => workload('web', { tier: 'web', ...(to ? { 'allow-to': to } : {}) })

  it('need both sides', () => {
    expect(edgesOf(db('web.shop') + web('db.data'))).toEqual(['web -> db: 3306 | 3306'])
    expect(edgesOf(db('web.shop') + web())).toEqual([])
    expect(edgesOf(db('none') + web('db.data'))).toEqual([])
  })

  it('say which side is silent, and what it would have to say', () => {
    expect(fixesOf(db('web.shop') + web())).toEqual([
      'edge-one-sided: add db.data to the allow-to of Deployment shop/web',
    ])
    expect(fixesOf(db('none') + web('db.data'))).toEqual([
      'edge-one-sided: add web.shop to the allow-from of Deployment data/db, or take this peer away',
    ])
  })

  it('write what both agree on', () => {
    expect(edgesOf(db('web.shop:3306, web.shop:9104') + web('db.data:9104'))).toEqual(['web -> db: 9104 | 9104'])
  })

  it.each(['anywhere', 'cluster', '*.shop', 'shop/*.shop'])('take the server’s %s for consent', from => {
    const part = from.includes('/') ? { labels: { 'app.kubernetes.io/part-of': 'shop' } } : {}
    const text = db(from) + workload('web', { tier: 'web', 'allow-to': '-/db.data' }, part)
    expect(edgesOf(text)).toEqual([`web -> db: ${from.includes('/') ? '3306' : ''} | 3306`])
  })

  it.each(['*.data', 'cluster', 'anywhere'])('take the client’s %s for consent', to => {
    expect(edgesOf(db('web.shop') + web(`${to}:3306`))).toEqual(['web -> db: 3306 | '])
  })

  it('take selectors for consent where they can match', () => {
    const server = (role: string) =>
      appTier(
        'db',
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
              podSelector: { matchLabels: { role } },
            },
          ],
        },
        'data',
      ) + workload('db', { tier: 'db' }, data)
    const client = workload('web', { tier: 'web', 'allow-to': 'db.data' }, { template: { role: 'client' } })
    expect(edgesOf(server('client') + client)).toEqual(['web -> db:  | 3306'])
    expect(edgesOf(server('other') + client)).toEqual([])
    // The client's selector selects the pods of another workload as well, and those the server means.
    const wide = workload('web', { tier: 'web', 'allow-to': 'db.data' }, { selector: { app: 'shop' } })
    const other = workload('worker', {}, { template: { app: 'shop', role: 'other' } })
    expect(edgesOf(server('other') + wide)).toEqual([])
    expect(edgesOf(server('other') + wide + other)).toEqual(['web -> db:  | 3306'])
  })

  it('do not take `namespace` for consent', () => {
    expect(edgesOf(db('namespace') + web('db.data'))).toEqual(['db -> db:  | 3306'])
  })
})

describe('a tier that is not there', () => {
  const fix = (text: string) => decideYaml(text).problems.find(({ code }) => code === 'peer-unknown-tier')?.fix

  it('is a warning with the near match', () => {
    expect(fix(workload('api', { tier: 'api', 'allow-from': 'wbe' }) + workload('web', { tier: 'web' }))).toBe(
      'did you mean web?',
    )
  })

  it('is looked for in the other apps of the namespace: a missing part-of label is the usual reason', () => {
    const text =
      workload('api', { tier: 'api', 'allow-from': 'web' }, { labels: { 'app.kubernetes.io/part-of': 'shop' } }) +
      workload('web', { tier: 'web' })
    expect(fix(text)).toMatch(/unnamed app.*part-of.*-\/web/)
  })

  it('may be a word of the grammar', () => {
    expect(fix(workload('api', { tier: 'api', 'allow-from': 'nobody' }))).toBe('did you mean none?')
    expect(fix(workload('api', { tier: 'api', 'allow-from': 'everyone' }))).toBe('did you mean anywhere?')
  })

  it('may be in a namespace with a slip in its name', () => {
    expect(
      fix(
        workload('api', { tier: 'api', 'allow-from': 'web.shpo' }, { namespace: 'data' }) +
          workload('web', { tier: 'web' }),
      ),
    ).toBe('did you mean namespace shop?')
  })

  it('is nothing to report where only a preset named it', () => {
    expect(decideYaml(workload('db', { tier: 'db' })).problems).toEqual([])
  })
})
