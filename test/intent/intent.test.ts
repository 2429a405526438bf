import { describe, expect, it } from 'vitest'
import { annotation } from '../../src/api/annotations.ts'
import { writePeer } from '../../src/api/peers.ts'
import { writePorts } from '../../src/api/ports.ts'
import { writeSource } from '../../src/api/source.ts'
import { entriesOf, portsOf } from '../../src/intent/members.ts'
import type { Member } from '../../src/intent/tier.ts'
import { appTier, decideYaml, policiesOf, problemsOf, workload } from '../decide.ts'

const membersOf = (text: string, configuration?: unknown) => decideYaml(text, configuration).graph.members
const only = (text: string): Member => {
  const [member, ...more] = membersOf(text)
  if (!member || more.length > 0) throw new Error('expected one member')
  return member
}
const saidBy = (field: Member['ports'] | Member['from']) =>
  field.is === 'said' ? writeSource(field.because) : field.is

describe('a field is said by whoever is nearest', () => {
  it('is the preset where nobody else speaks', () => {
    const web = only(workload('web', { tier: 'web' }))
    expect(writePorts(portsOf(web.ports))).toBe('80')
    expect(entriesOf(web.from).map(({ peer }) => writePeer(peer))).toEqual(['anywhere'])
    expect(saidBy(web.ports)).toBe('preset web ports')
    const db = only(workload('db', { tier: 'db' }))
    expect(writePorts(portsOf(db.ports))).toBe('3306')
    expect(entriesOf(db.from).map(({ peer }) => writePeer(peer))).toEqual(['api'])
  })

  it('is nothing for a tier without preset', () => {
    const worker = only(workload('worker', { tier: 'worker' }))
    expect([worker.ports, worker.from, worker.to].map(({ is }) => is)).toEqual(['unsaid', 'unsaid', 'unsaid'])
  })

  it('is the AppTier over the preset, and the annotation over the AppTier, field by field', () => {
    const text =
      appTier('db', { ports: [{ port: 5432 }], from: [{ tier: 'web' }] }) +
      workload('db', { tier: 'db', ports: '5433' })
    const db = only(text)
    expect(saidBy(db.ports)).toBe(`Deployment shop/db metadata.annotations[${annotation.ports}]`)
    expect(saidBy(db.from)).toBe('AppTier shop/db spec.from')
    expect(writePorts(portsOf(db.ports))).toBe('5433')
  })

  it('does not fall back to the preset where the annotation says none', () => {
    const db = only(workload('db', { tier: 'db', 'allow-from': 'none' }))
    expect(db.from).toMatchObject({ is: 'said', value: [] })
  })

  it('gets the baseline of the configuration on top, also where it says none', () => {
    const [db] = membersOf(workload('db', { tier: 'db', 'allow-from': 'none' }), {
      baseline: { from: ['cluster:9090'], to: ['10.0.0.0/8:443'] },
    })
    expect(entriesOf(db?.from ?? { is: 'broken' }).map(({ peer }) => writePeer(peer))).toEqual(['cluster'])
    expect(entriesOf(db?.to ?? { is: 'broken' }).map(({ peer }) => writePeer(peer))).toEqual(['10.0.0.0/8'])
  })
})

describe('which app a tier is of', () => {
  it('is the annotation, else the label part-of, else the unnamed app', () => {
    const label = { 'app.kubernetes.io/part-of': 'shop' }
    const apps = membersOf(
      workload('a', { tier: 'web', app: 'bi' }, { labels: label }) +
        workload('b', { tier: 'web' }, { labels: label }) +
        workload('c', { tier: 'web' }) +
        workload('d', { tier: 'web', app: '-' }, { labels: label }),
    ).map(({ ref, key }) => [ref.name, key.app])
    expect(Object.fromEntries(apps)).toEqual({ a: 'bi', b: 'shop', c: '', d: '' })
  })
})

describe('an AppTier with a selector', () => {
  const selector = { matchLabels: { role: 'db' } }

  it('is one policy for the pods it selects, and covers workloads whose selector implies it', () => {
    const text =
      appTier('db', { selector }) + workload('mysql', { tier: 'db' }, { selector: { role: 'db', app: 'mysql' } })
    const member = only(text)
    expect(member.ref).toEqual({ kind: 'AppTier', namespace: 'shop', name: 'db' })
    expect(member.templates.map(({ workload }) => workload.name)).toEqual(['mysql'])
  })

  it('does not cover a workload by its template labels, which older ReplicaSets may lack', () => {
    const text =
      appTier('db', { selector }) +
      workload('mysql', { tier: 'db' }, { selector: { app: 'mysql' }, template: { role: 'db' } })
    expect(membersOf(text).map(({ ref }) => `${ref.kind}/${ref.name}`)).toEqual(['AppTier/db', 'Deployment/mysql'])
  })

  it('lets no covered workload say its own ports and peers', () => {
    const text =
      appTier('db', { selector }) +
      workload('mysql', { tier: 'db', ports: '3307', 'allow-from': 'web' }, { selector: { role: 'db' } })
    expect(decideYaml(text).problems.map(({ code }) => code)).toEqual([
      'annotation-on-covered',
      'annotation-on-covered',
    ])
  })

  it('says so as well where the covered workload names no tier', () => {
    const text = appTier('db', { selector }) + workload('mysql', { ports: '3307' }, { selector: { role: 'db' } })
    expect(decideYaml(text).problems.map(({ code }) => code)).toEqual(['annotation-on-covered'])
  })
})

describe('two AppTiers of one tier', () => {
  const dated = (name: string, creationTimestamp?: string) =>
    `---\n${JSON.stringify({
      apiVersion: 'tierwall.dev/v1alpha1',
      kind: 'AppTier',
      metadata: { name, namespace: 'shop', ...(creationTimestamp ? { creationTimestamp } : {}) },
      spec: { tier: 'db', ports: [{ port: name === 'old' ? 1 : 2 }] },
    })}\n`

  it('are an error that names both, where nobody knows which is older', () => {
    const { problems, graph } = decideYaml(dated('old') + dated('new') + workload('mysql', { tier: 'db' }))
    expect(problems.map(({ code }) => code)).toEqual(['apptier-duplicate', 'apptier-duplicate'])
    for (const { message } of problems) expect(message).toMatch(/AppTier shop\/(old|new) and AppTier shop\/(old|new)/)
    expect(graph.members.map(({ sound }) => sound)).toEqual([false])
  })

  it('count as the older one says, where their times are known', () => {
    const text =
      dated('new', '2026-02-01T00:00:00Z') + dated('old', '2026-01-01T00:00:00Z') + workload('mysql', { tier: 'db' })
    const decision = decideYaml(text)
    expect(decision.problems.map(({ source }) => writeSource(source))).toEqual(['AppTier shop/new metadata.name'])
    expect(decision.graph.members.map(({ ports }) => writePorts(portsOf(ports)))).toEqual(['1'])
  })
})

describe('annotations that do nothing', () => {
  it('are an error under our prefix, with the key that was meant', () => {
    const [problem] = decideYaml(workload('web', { tier: 'web', 'allow-form': 'api' })).problems
    expect(problem).toMatchObject({ code: 'annotation-unknown', fix: 'write tierwall.dev/allow-from' })
  })

  it.each(['tierwal.dev/tier', 'tierwall.io/tier', 'tierwall.dev/Tier', 'tierwall.dev/allow_from'])(
    'are found where the key is %s',
    key => {
      const text = workload('web', {}).replace('"annotations":{}', `"annotations":{"${key}":"web"}`)
      expect(decideYaml(text).problems.map(({ code }) => code)).toEqual(['annotation-unknown'])
    },
  )

  it('are left alone where they are somebody else’s', () => {
    const text = workload('web', {}).replace(
      '"annotations":{}',
      '"annotations":{"firewall.dev/rule":"x","firewall.example.com/ports":"y","walrus.dev/tier":"z","example.com/tier":"web"}',
    )
    expect(decideYaml(text).problems).toEqual([])
  })

  it('need a tier beside them', () => {
    expect(decideYaml(workload('web', { ports: '80' })).problems.map(({ code }) => code)).toEqual([
      'annotation-without-tier',
    ])
  })

  it('point to an AppTier where they stand on a CronJob, a Pod or a pod template', () => {
    const annotations = { 'tierwall.dev/tier': 'web' }
    const objects = [
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'c', annotations },
        spec: { jobTemplate: { spec: { template: {} } } },
      },
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'j' },
        spec: { template: { metadata: { annotations } } },
      },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', annotations }, spec: {} },
    ]
    const { problems } = decideYaml(objects.map(object => `---\n${JSON.stringify(object)}\n`).join(''))
    expect(problems.map(({ code, source }) => `${code} ${writeSource(source)}`)).toEqual([
      'annotation-misplaced CronJob c metadata.annotations[tierwall.dev/tier]',
      'annotation-misplaced Job j spec.template.metadata.annotations[tierwall.dev/tier]',
      'annotation-misplaced Pod p metadata.annotations[tierwall.dev/tier]',
    ])
  })

  it('are not held against what a controller copied', () => {
    const text = `---\n${JSON.stringify({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: 'web-1',
        annotations: { 'tierwall.dev/tier': 'web' },
        ownerReferences: [{ kind: 'Deployment', name: 'web' }],
      },
      spec: { template: {} },
    })}\n`
    expect(decideYaml(text).problems).toEqual([])
  })
})

describe('a broken tier', () => {
  it.each([
    ['ports', { tier: 'api', ports: '80-79' }],
    ['allow-from', { tier: 'api', 'allow-from': 'Web' }],
    ['allow-to', { tier: 'api', 'allow-to': '' }],
    ['an unknown key', { tier: 'api', port: '80' }],
    ['ports that nobody gave', { tier: 'worker', 'allow-from': 'web' }],
    ['a port name towards addresses', { tier: 'api', 'allow-to': '10.0.0.0/8:https' }],
  ])('gets no policy when it has wrong %s, and stays a peer of the others', (_, annotations) => {
    const others = workload('web', { tier: 'web' }) + workload('db', { tier: 'db', 'allow-from': 'api, worker' })
    const policies = policiesOf(decideYaml(others + workload('broken', annotations)))
    expect([...policies.keys()].sort()).toEqual([
      'shop/tierwall-allow-dns',
      'shop/tierwall-db',
      'shop/tierwall-default-deny',
      'shop/tierwall-web',
    ])
    expect(JSON.stringify(policies.get('shop/tierwall-db')?.spec.ingress)).toContain('"app":"broken"')
  })

  it('writes nothing in a namespace where it is alone', () => {
    expect(policiesOf(decideYaml(workload('web', { tier: 'web', ports: 'x_' }))).size).toBe(0)
  })
})

describe('isolation of a namespace', () => {
  const namespace = (annotations: object, name = 'shop') =>
    `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, annotations } })}\n`
  const web = workload('web', { tier: 'web' })
  const count = (text: string, configuration?: unknown) => policiesOf(decideYaml(text, configuration)).size

  it('is enforce unless somebody says otherwise', () => {
    expect(count(web)).toBe(3)
    expect(count(web, { isolation: 'audit' })).toBe(0)
    expect(count(web + namespace({ 'tierwall.dev/isolation': 'enforce' }), { isolation: 'off' })).toBe(3)
  })

  it.each(['audit', 'off'])('writes nothing in %s, and the tiers stay peers of other namespaces', mode => {
    const db = workload('db', { tier: 'db', 'allow-from': 'web.shop' }, { namespace: 'data' })
    const client = workload('web', { tier: 'web', 'allow-to': 'db.data' })
    const decision = decideYaml(client + db + namespace({ 'tierwall.dev/isolation': mode }))
    expect(decision.problems).toEqual([])
    const policies = policiesOf(decision)
    expect([...policies.keys()].every(name => name.startsWith('data/'))).toBe(true)
    expect(policies.get('data/tierwall-db')?.spec.ingress).toHaveLength(1)
  })

  it('keeps the deny while no tier is left, where enforce is said by hand', () => {
    expect(count(namespace({ 'tierwall.dev/isolation': 'enforce' }))).toBe(2)
    expect(count(namespace({}))).toBe(0)
  })

  it('is an error where it is no mode, and nothing is written then', () => {
    const decision = decideYaml(web + namespace({ 'tierwall.dev/isolation': 'Enforce' }))
    expect(decision.problems).toMatchObject([{ code: 'isolation-invalid', fix: 'write enforce' }])
    expect(policiesOf(decision).size).toBe(0)
  })

  it.each(['kube-system', 'kube-public', 'kube-node-lease', 'tierwall-system'])(
    'is refused in %s unless the admin lists it',
    name => {
      const text = workload('web', { tier: 'web' }, { namespace: name })
      expect(problemsOf(decideYaml(text))).toEqual([`namespace-refused: Tierwall writes nothing in ${name}`])
      expect(count(text)).toBe(0)
      expect(count(text, { allowSystemNamespaces: [name] })).toBe(3)
    },
  )
})
