import { describe, expect, it } from 'vitest'
import { appTier, decideYaml, policiesOf, workload } from '../../decide.ts'
import { judge } from './judge.ts'
import { writeViolations } from './report.ts'
import { namespaceText, Story } from './story.ts'

const shop = namespaceText('shop')
const enforced = { 'tierwall.dev/isolation': 'enforce' }
const web = workload('web', { tier: 'web' })
const api = workload('api', { tier: 'api', 'allow-to': '203.0.113.0/24:443' })
const db = workload('db', { tier: 'db' })

/** What is to be there for some input, by name. */
function wanted(...texts: readonly string[]) {
  const policies = policiesOf(decideYaml(texts.map(text => `---\n${text.replace('---\n', '')}\n`).join('')))
  return (name: string) => {
    const policy = policies.get(`shop/tierwall-${name}`)
    if (!policy) throw new Error(`${name} is none of ${[...policies.keys()]}`)
    return policy
  }
}

/** Each write that is at fault, with what it did to how many flows. */
function faultsOf(story: Story, lag = 0): string[] {
  const { violations } = judge(story.history, { lag })
  const byWrite = Map.groupBy(violations, ({ step, does }) => `${step.verb} ${step.name} ${does}`)
  return [...byWrite.keys()].sort()
}

const all = wanted(shop, web, api, db)

/** Three tiers that stand as they should. */
function settledShop(): Story {
  const story = new Story().begins(shop, web, api, db)
  for (const name of ['web', 'api', 'db', 'allow-dns', 'default-deny']) story.tierwall(all(name))
  return story
}

describe('the first policies of a namespace', () => {
  it('may come as tiers, then allow-dns, then default-deny', () => {
    const { violations, writes, changes, isSettled } = judge(settledShop().history)
    expect(writeViolations(violations)).toBe('')
    expect({ writes, isSettled }).toEqual({ writes: 5, isSettled: true })
    expect(changes).toBeGreaterThan(10)
  })

  it('cut what is wanted where default-deny comes first', () => {
    const story = new Story().begins(shop, web, api).tierwall(all('default-deny'))
    expect(faultsOf(story)).toEqual(['create tierwall-default-deny cuts'])
  })

  it('cut what is wanted where allow-dns comes first', () => {
    const story = new Story().begins(shop, web, api).tierwall(all('allow-dns'))
    expect(faultsOf(story)).toEqual(['create tierwall-allow-dns cuts'])
  })

  it('are to be right for the state that is in force when they come, not for one that is to come', () => {
    const narrow = workload('web', { tier: 'web', 'allow-from': '203.0.113.0/24' })
    const story = new Story().begins(shop, web).tierwall(wanted(shop, narrow)('web')).users(narrow)
    expect(faultsOf(story)).toEqual(['create tierwall-web cuts'])
  })
})

describe('a change', () => {
  it('may take either way where the states disagree', () => {
    const none = workload('db', { tier: 'db', 'allow-from': 'none' })
    const next = wanted(shop, web, api, none)
    expect(faultsOf(settledShop().users(none).tierwall(next('db')).tierwall(next('api')))).toEqual([])
  })

  it('opens too early what nobody asked for yet', () => {
    const open = workload('db', { tier: 'db', 'allow-from': 'web' })
    const story = settledShop().tierwall(wanted(shop, web, api, open)('web'))
    // One half of an edge opens nothing.
    expect(faultsOf(story)).toEqual([])
    expect(faultsOf(story.tierwall(wanted(shop, web, api, open)('db')))).toEqual([
      'update tierwall-db cuts',
      'update tierwall-db opens',
    ])
  })

  const role = { matchLabels: { role: 'db' } }
  const labelled = { selector: { app: 'db' }, template: { role: 'db' } }
  const dbByLabel = workload('db', {}, labelled)
  const dbByAnnotation = workload('db', { tier: 'db' }, labelled)
  const dbObject = appTier('db', { selector: role })

  it('may move a flow from one policy to another, if the new one comes first', () => {
    const first = wanted(shop, web, api, dbByLabel, dbObject)
    const next = wanted(shop, web, api, dbByAnnotation)
    const begin = () => {
      const story = new Story().begins(shop, web, api, dbByLabel, dbObject)
      for (const name of ['web', 'api', 'db.apptier', 'allow-dns', 'default-deny']) story.tierwall(first(name))
      story.users(dbByAnnotation)
      return story.usersDelete({ kind: 'AppTier', namespace: 'shop', name: 'db' })
    }
    const right = begin().tierwall(next('db')).tierwall(next('api')).tierwallDeletes('shop', 'tierwall-db.apptier')
    expect(faultsOf(right).filter(fault => !fault.includes('api'))).toEqual([])
    expect(faultsOf(begin().tierwallDeletes('shop', 'tierwall-db.apptier'))).toEqual([
      'delete tierwall-db.apptier cuts',
    ])
  })

  it('is judged with the policies of others in force', () => {
    const foreign = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'theirs', namespace: 'shop' },
      spec: { podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress'], ingress: [{}] },
    }
    const closed = workload('api', { tier: 'api', 'allow-from': 'none', 'allow-to': '203.0.113.0/24:443' })
    const story = settledShop().byHand(foreign).users(closed)
    // Whoever adds a rule that the foreign policy has anyway opens nothing.
    const more = { ...all('api'), spec: { ...all('api').spec, ingress: [{ ports: [{ port: 9, protocol: 'TCP' }] }] } }
    expect(faultsOf(story.tierwall(more))).toEqual([])
    expect(faultsOf(settledShop().users(closed).tierwall(more))).toEqual(['update tierwall-api opens'])
  })

  it('of a namespace’s labels moves flows without a write, and is no fault of anybody', () => {
    const labels = { project: 'x' }
    const object = appTier('web', { from: [{ namespaceSelector: { matchLabels: labels } }] })
    const first = wanted(shop, web, object)
    const story = new Story().begins(shop, namespaceText('data', {}, labels), web, object)
    for (const name of ['web', 'allow-dns', 'default-deny']) story.tierwall(first(name))
    story.users(namespaceText('data')).tierwall(first('web'))
    expect(faultsOf(story)).toEqual([])
  })
})

describe('taking policies away', () => {
  const off = namespaceText('shop', { 'tierwall.dev/isolation': 'off' })

  it('goes from default-deny by allow-dns to the tiers', () => {
    const story = settledShop().users(off)
    for (const name of ['default-deny', 'allow-dns', 'web', 'api', 'db'])
      story.tierwallDeletes('shop', `tierwall-${name}`)
    expect(faultsOf(story)).toEqual([])
  })

  it('cuts where a tier goes before the deny', () => {
    expect(faultsOf(settledShop().users(off).tierwallDeletes('shop', 'tierwall-api'))).toEqual([
      'delete tierwall-api cuts',
    ])
  })

  it('opens where nobody asked for it', () => {
    expect(faultsOf(settledShop().tierwallDeletes('shop', 'tierwall-default-deny'))).toEqual([
      'delete tierwall-default-deny opens',
    ])
  })

  it('in a namespace that is going away is not judged', () => {
    const story = settledShop().users(namespaceText('shop', {}, {}, '2026-01-01T00:00:00Z'))
    expect(faultsOf(story.tierwallDeletes('shop', 'tierwall-default-deny'))).toEqual([])
  })
})

describe('what users do to policies', () => {
  it('is never a fault of theirs, and its repair none of Tierwall’s', () => {
    const open = { ...all('db'), spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] } }
    const story = settledShop().byHand(open).tierwall(all('db'))
    story.usersDelete({ kind: 'NetworkPolicy', namespace: 'shop', name: 'tierwall-default-deny' })
    expect(faultsOf(story.tierwall(all('default-deny')))).toEqual([])
  })

  it('may not have been noticed yet by whoever writes beside it', () => {
    const begin = () => {
      const open = { ...all('db'), spec: { ...all('db').spec, ingress: [{}] } }
      const out = workload('web', { tier: 'web', 'allow-to': 'namespace:81' })
      return { story: settledShop().waits(9_000).byHand(open).users(out), next: wanted(shop, out, api, db)('web') }
    }
    const [soon, late] = [begin(), begin()]
    expect(faultsOf(soon.story.waits(100).tierwall(soon.next), 1_000)).toEqual([])
    expect(faultsOf(late.story.waits(5_000).tierwall(late.next), 1_000)).toEqual(['update tierwall-web opens'])
  })

  it('is to be repaired without a cut on the way', () => {
    const open = { ...all('db'), spec: { ...all('db').spec, ingress: [{}] } }
    const story = settledShop().byHand(open).tierwallDeletes('shop', 'tierwall-db')
    expect(faultsOf(story)).toEqual(['delete tierwall-db cuts'])
  })
})

describe('broken input', () => {
  const broken = workload('db', { tier: 'db', 'allow-from': 'api, !' })

  it('keeps the last good policies', () => {
    const story = settledShop().users(broken)
    expect(judge(story.history).isSettled).toBe(true)
    expect(faultsOf(story.tierwallDeletes('shop', 'tierwall-db'))).toEqual(['delete tierwall-db cuts'])
  })

  it('keeps them also at once, before anybody may take it for settled', () => {
    const story = settledShop().waits(5_000).users(broken).tierwallDeletes('shop', 'tierwall-db')
    expect(faultsOf(story, 1_000)).toEqual(['delete tierwall-db cuts'])
  })

  it('keeps the words that were in force, while others go on', () => {
    const wider = workload('api', {
      tier: 'api',
      'allow-from': 'web, 203.0.113.0/24',
      'allow-to': '203.0.113.0/24:443',
    })
    const story = settledShop()
      .users(broken)
      .users(wider)
      .tierwall(wanted(shop, web, wider, db)('api'))
    expect(judge(story.history)).toMatchObject({ violations: [], isSettled: true })
  })

  it('may stand for any of its former words that nobody had time to write', () => {
    const wider = workload('db', { tier: 'db', 'allow-from': 'api, 203.0.113.0/24' })
    const story = settledShop().users(wider).users(broken)
    expect(judge(story.history).isSettled).toBe(true)
    story.tierwall(wanted(shop, web, api, wider)('db'))
    expect(judge(story.history)).toMatchObject({ violations: [], isSettled: true })
  })

  it('of an object that was never sound is nothing at all', () => {
    const story = new Story().begins(shop).users(broken)
    expect(judge(story.history).isSettled).toBe(true)
    expect(faultsOf(story.tierwall(all('default-deny')))).toEqual(['create tierwall-default-deny cuts'])
  })

  it('may leave a policy as it stands that nobody asks for any more', () => {
    const own = workload('db', { tier: 'db', ports: '3306' })
    const covering = appTier('db', { selector: { matchLabels: { app: 'db' } }, ports: [{ port: 3306 }] })
    const [first, next] = [wanted(shop, web, api, own), wanted(shop, web, api, own, covering)]
    const story = new Story().begins(shop, web, api, own)
    for (const name of ['web', 'api', 'db', 'allow-dns', 'default-deny']) story.tierwall(first(name))
    story.users(covering)
    expect(judge(story.history).isSettled).toBe(false)
    story.tierwall(next('db.apptier'))
    expect(judge(story.history)).toMatchObject({ violations: [], isSettled: true })
    story.tierwallDeletes('shop', 'tierwall-db')
    expect(judge(story.history)).toMatchObject({ violations: [], isSettled: true })
  })

  it('on an object made anew may stand for the words of the one before, or for none', () => {
    const deployment = { kind: 'Deployment', namespace: 'shop', name: 'db' }
    expect(judge(settledShop().usersDelete(deployment).users(broken).history).isSettled).toBe(true)
    const gone = wanted(shop, web, api, broken)
    const late = settledShop().usersDelete(deployment).tierwallDeletes('shop', 'tierwall-db').tierwall(gone('api'))
    expect(judge(late.users(broken).history)).toMatchObject({ violations: [], isSettled: true })
  })

  it('is nobody’s last word where users took the policy away that remembers it', () => {
    const story = settledShop().users(broken)
    story.usersDelete({ kind: 'NetworkPolicy', namespace: 'shop', name: 'tierwall-db' })
    story.tierwall(wanted(shop, web, api, broken)('api'))
    expect(judge(story.history)).toMatchObject({ violations: [], isSettled: true })
  })

  it('is forgotten where nothing was enforced for a moment', () => {
    const [off, on] = ['off', 'enforce'].map(isolation =>
      namespaceText('shop', { 'tierwall.dev/isolation': isolation }),
    )
    const story = settledShop()
      .users(broken)
      .users(off ?? '')
    for (const name of ['default-deny', 'allow-dns', 'db']) story.tierwallDeletes('shop', `tierwall-${name}`)
    story.users(on ?? '')
    const next = wanted(on ?? '', web, api, broken)
    for (const name of ['api', 'allow-dns', 'default-deny']) story.tierwall(next(name))
    expect(judge(story.history)).toMatchObject({ violations: [], isSettled: true })
  })

  it('of a tier’s AppTier leaves its workloads’ own words in force', () => {
    const object = appTier('db', { ports: [{ port: 3306 }], from: [{ tier: 'api' }] })
    const begin = wanted(shop, web, api, db, object)
    const story = new Story().begins(shop, web, api, db, object)
    for (const name of ['web', 'api', 'db', 'allow-dns', 'default-deny']) story.tierwall(begin(name))
    story.users(appTier('db', { ports: [], from: [{ tier: 'api' }] }))
    expect(judge(story.history)).toMatchObject({ violations: [], isSettled: true })
    expect(faultsOf(story.tierwallDeletes('shop', 'tierwall-db'))).toEqual(['delete tierwall-db cuts'])
  })

  it('leaves a namespace as it is where its isolation cannot be read', () => {
    const story = settledShop().users(namespaceText('shop', { 'tierwall.dev/isolation': 'enforced' }))
    expect(judge(story.history).isSettled).toBe(true)
    expect(faultsOf(story.tierwallDeletes('shop', 'tierwall-default-deny'))).toEqual([
      'delete tierwall-default-deny opens',
    ])
  })
})

describe('the configuration', () => {
  const office = { baseline: { to: ['203.0.113.0/24:443'] } }
  /** The same as text for whoever does not know the configuration. */
  const wider = wanted(shop, workload('web', { tier: 'web', 'allow-to': '203.0.113.0/24:443' }), api, db)

  it('is what a write answers to, as what users say is', () => {
    expect(faultsOf(settledShop().tierwall(wider('web')))).toEqual(['update tierwall-web opens'])
    expect(faultsOf(settledShop().configures(office).tierwall(wider('web')))).toEqual([])
    expect(judge(settledShop().configures(office).tierwall(wider('web')).history).isSettled).toBe(false)
    expect(
      faultsOf(settledShop().configures(office).configures({}).waits(9_000).tierwall(wider('web')), 1_000),
    ).toEqual(['update tierwall-web opens'])
  })

  it('is read some time after it was written: until then the one before may be in force', () => {
    const begin = () =>
      settledShop()
        .waits(9_000)
        .configures({ baseline: { to: ['203.0.113.0/24'] } })
    const narrow = workload('api', { tier: 'api' })
    const next = wanted(shop, web, narrow, db)
    expect(faultsOf(begin().users(narrow).tierwall(next('api')), 1_000)).toEqual([])
    expect(faultsOf(begin().waits(9_000).users(narrow).tierwall(next('api')), 1_000)).toEqual([
      'update tierwall-api cuts',
    ])
  })
})

describe('DNS', () => {
  const service = (selector: object) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system' },
      spec: { selector, ports: [53].map(port => ({ port, targetPort: 5353, protocol: 'UDP' })) },
    })
  const old = service({ dns: 'old' })
  const moved = service({ dns: 'new' })
  const begin = () => {
    const first = wanted(shop, web, old)
    const story = new Story().begins(shop, web, old)
    for (const name of ['web', 'allow-dns', 'default-deny']) story.tierwall(first(name))
    return story
  }

  it('may move to other pods', () => {
    const next = wanted(shop, web, moved)
    const story = begin().users(moved).tierwall(next('web')).tierwall(next('allow-dns'))
    expect(judge(story.history)).toMatchObject({ violations: [], isSettled: true })
  })

  it('is nowhere else on the way', () => {
    expect(faultsOf(begin().users(moved).tierwall(wanted(shop, web)('web')))).toEqual(['update tierwall-web opens'])
    expect(faultsOf(begin().tierwall(wanted(shop, web, moved)('allow-dns')))).toEqual([
      'update tierwall-allow-dns cuts',
      'update tierwall-allow-dns opens',
    ])
  })
})

describe('time', () => {
  it('may pass before Tierwall notices a change that was taken back at once', () => {
    const none = workload('db', { tier: 'db', 'allow-from': 'none' })
    const late = () => settledShop().waits(5_000).users(none).users(db)
    const next = wanted(shop, web, api, none)
    expect(faultsOf(late().waits(10).tierwall(next('db')), 1_000)).toEqual([])
    expect(faultsOf(late().waits(2_000).tierwall(next('db')), 1_000)).toEqual(['update tierwall-db cuts'])
  })

  it('may pass before what was removed is taken for gone', () => {
    const cron = workload('cron', { tier: 'cron' })
    const server = workload('db', { tier: 'db', 'allow-from': 'api, cron' })
    const first = wanted(shop, web, api, server)
    const story = new Story().begins(shop, web, api, server)
    for (const name of ['web', 'api', 'db', 'allow-dns', 'default-deny']) story.tierwall(first(name))
    story.usersDelete({ kind: 'Deployment', namespace: 'shop', name: 'db' }).users(cron)
    const kept = wanted(shop, web, api, server, cron)
    expect(faultsOf(story.tierwall(kept('db')).tierwall(kept('cron')))).toEqual([])
  })
})

it('tells the write, the flow and the states', () => {
  const story = new Story().begins(shop, web, namespaceText('data', enforced)).tierwall(all('default-deny'))
  const text = writeViolations(judge(story.history).violations)
  expect(text).toContain('create NetworkPolicy shop/tierwall-default-deny')
  expect(text).toContain('cuts elsewhere/stranger (stranger=yes) -> shop/web (app=web) 80/TCP')
  expect(text).toContain('the start')
})
