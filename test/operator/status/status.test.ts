import { describe, expect, test } from 'vitest'
import { sameStatus } from '../../../src/operator/status/index.ts'
import { appTier, workload } from '../../decide.ts'
import { conditionOf, outline, readByKstatus, statusIn } from './judge.ts'

const selector = { matchLabels: { role: 'db' } }
const threeTier = workload('api', { tier: 'api' }) + workload('web', { tier: 'web' })
const db = workload('mysql', {}, { kind: 'StatefulSet', selector: { role: 'db' } })

function dated(name: string, spec: object, creationTimestamp: string): string {
  const metadata = { name, namespace: 'shop', creationTimestamp }
  return `---\n${JSON.stringify({ apiVersion: 'tierwall.dev/v1alpha1', kind: 'AppTier', metadata, spec })}\n`
}

function isolate(mode: string): string {
  const metadata = { name: 'shop', annotations: { 'tierwall.dev/isolation': mode } }
  return `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata })}\n`
}

const messageOf = (...[yaml, scene, type = 'Ready']: [...Parameters<typeof statusIn>, string?]) =>
  conditionOf(statusIn(yaml, scene), type)?.message

describe('the fields of a status', () => {
  test('show the tier, its app, its ports, the workloads that it covers and the policies written for it', () => {
    const status = statusIn(threeTier + db + appTier('db', { app: 'till', selector, ports: [{ port: 5432 }] }), {
      generation: 7,
    })
    expect(status).toMatchObject({
      observedGeneration: 7,
      tier: 'db',
      app: 'till',
      ports: '5432',
      workloadCount: 1,
      workloads: ['StatefulSet/mysql'],
      policies: ['tierwall-till.db.apptier'],
    })
  })

  test('write the unnamed app as a dash and closed ports as none, as annotations do', () => {
    expect(statusIn(appTier('db', { selector, ports: [] }))).toMatchObject({ app: '-', ports: 'none' })
  })

  test('bring what the preset says where the object says nothing', () => {
    expect(statusIn(appTier('db', { selector }))).toMatchObject({ ports: '3306' })
    expect(statusIn(appTier('cache', { selector }), { name: 'cache' })).toMatchObject({ ports: 'none' })
  })

  test('hold the ports of all its workloads, each of which may say its own', () => {
    const own = workload('b', { tier: 'db', ports: '53/UDP, 3307' }) + workload('a', { tier: 'db' })
    expect(statusIn(own + appTier('db', {}))).toMatchObject({
      ports: '53/UDP, 3306, 3307',
      workloads: ['Deployment/a', 'Deployment/b'],
      policies: ['tierwall-db-a', 'tierwall-db-b'],
    })
  })

  test('list both the workloads that a selector covers and those that are annotated beside it', () => {
    const status = statusIn(db + workload('other', { tier: 'db' }) + appTier('db', { selector }))
    expect(status.workloads).toEqual(['Deployment/other', 'StatefulSet/mysql'])
  })

  test('list 200 workloads at most and count them all', () => {
    const many = Array.from({ length: 230 }, (_, index) => workload(`w${index}`, { tier: 'db' })).join('')
    const status = statusIn(many + appTier('db', {}))
    expect(status).toMatchObject({ workloadCount: 230 })
    expect([status.workloads.length, status.policies.length]).toEqual([200, 200])
    expect(messageOf(many + appTier('db', {}))).toContain('230 policies are in force')
  })

  test('are the same whatever the order of the input', () => {
    const parts = [db, workload('b', { tier: 'db' }), workload('a', { tier: 'db' }), appTier('db', { selector })]
    expect(statusIn(parts.toReversed().join(''))).toEqual(statusIn(parts.join('')))
  })

  test('leave no field out, so that a merge patch leaves nothing old behind', () => {
    const unread = statusIn(appTier('db', { tier: 'Wrong_Name' }))
    expect(unread).toMatchObject({ tier: '', app: '', ports: '', workloadCount: 0, workloads: [], policies: [] })
    expect(Object.keys(unread)).toEqual(Object.keys(statusIn(appTier('db', { selector }))))
  })
})

describe('Accepted', () => {
  test('is true of a spec that is read and counts, and the tier is named', () => {
    const status = statusIn(appTier('db', { app: 'till', selector }))
    expect(conditionOf(status, 'Accepted')).toMatchObject({
      status: 'True',
      reason: 'Accepted',
      message: 'It speaks for tier db of app till',
    })
  })

  test('names the code, the field and the fix of what is wrong, and then nothing is Ready', () => {
    const status = statusIn(appTier('db', { selector, ports: [{ port: 90, endPort: 80 }] }))
    expect(outline(status)).toEqual([
      'Ready=False AppTierInvalid',
      'Accepted=False AppTierInvalid',
      'PeersResolved=Unknown NotAccepted',
      'Stalled=True AppTierInvalid',
    ])
    expect(conditionOf(status, 'Accepted')?.message).toMatch(
      /^spec\.ports\[0\]\.endPort: endPort is below port; .*Until then, nothing new is written for it$/,
    )
    expect(readByKstatus(status)).toBe('Failed')
  })

  test('counts the problems where there are several, and takes the reason from the first', () => {
    const yaml = appTier('db', { selector: {}, from: [{ cidr: '10.0.0.1/8' }] })
    const accepted = conditionOf(statusIn(yaml), 'Accepted')
    expect(accepted?.reason).toBe('CidrHostBits')
    expect(accepted?.message).toMatch(/^2 problems: spec\.from\[0\].*\. spec\.selector: the selector is empty/)
  })

  test('is False while last good words are in force, whose policies are listed all the same', () => {
    const status = statusIn(db + appTier('db', { selector }), { instead: appTier('db', { selector, ports: [{}] }) })
    expect(outline(status)).toEqual([
      'Ready=False AppTierInvalid',
      'Accepted=False AppTierInvalid',
      'PeersResolved=True Resolved',
      'Stalled=True AppTierInvalid',
    ])
    expect(conditionOf(status, 'Ready')?.message).toContain('what was last good stays in force')
    expect(status.policies).toEqual(['tierwall-db.apptier'])
  })

  test('is False for the younger of two AppTiers of one tier, which still says what it is called', () => {
    const yaml =
      dated('db', { selector }, '2026-01-01T00:00:00Z') +
      dated('database', { tier: 'db', selector }, '2026-02-01T00:00:00Z')
    const younger = statusIn(yaml, { name: 'database' })
    expect(outline(younger)).toContain('Accepted=False Duplicate')
    expect(younger).toMatchObject({ tier: 'db', app: '-', ports: '', policies: [] })
    expect(conditionOf(younger, 'Accepted')?.message).toContain('the older one counts')
    expect(outline(statusIn(yaml))).toContain('Accepted=True Accepted')
  })

  test('is False where a policy of the tier has a name that somebody else holds', () => {
    const conflicts = [
      {
        namespace: 'shop',
        name: 'tierwall-db.apptier',
        because: 'NetworkPolicy shop/tierwall-db.apptier is not Tierwall’s; delete it',
      },
      { namespace: 'other', name: 'tierwall-db.apptier', because: 'elsewhere' },
    ]
    const status = statusIn(appTier('db', { selector }), { conflicts })
    expect(outline(status)).toEqual([
      'Ready=False Conflict',
      'Accepted=False Conflict',
      'PeersResolved=True Resolved',
      'Stalled=True Conflict',
    ])
    expect(conditionOf(status, 'Ready')?.message).toBe(
      'NetworkPolicy shop/tierwall-db.apptier is not Tierwall’s; delete it',
    )
    expect(status.policies).toEqual([])
    expect(readByKstatus(status)).toBe('Failed')
  })

  test('is False in a namespace that Tierwall keeps out of', () => {
    const status = statusIn(appTier('db', {}), { configuration: { operatorNamespace: 'shop' } })
    expect(outline(status)).toContain('Accepted=False NamespaceRefused')
    expect(conditionOf(status, 'Accepted')?.message).toContain('allowSystemNamespaces')
  })

  test('is unknown, and takes time, for an object that came after the decision', () => {
    const status = statusIn(threeTier)
    expect(outline(status)).toEqual([
      'Ready=Unknown Pending',
      'Accepted=Unknown Pending',
      'PeersResolved=Unknown NotAccepted',
      'Reconciling=True Pending',
    ])
    expect(readByKstatus(status)).toBe('InProgress')
  })

  test('is not lowered by the mistakes of others, nor by warnings', () => {
    const yaml = appTier('db', { selector, from: [{ tier: 'nobody' }] }) + appTier('cache', { ports: [{}] })
    expect(outline(statusIn(yaml))).toContain('Accepted=True Accepted')
  })
})

describe('PeersResolved', () => {
  test('says which tier is not there, and leaves Ready as it is', () => {
    const status = statusIn(appTier('db', { selector, from: [{ tier: 'aip' }] }) + threeTier)
    expect(outline(status)).toEqual(['Ready=True Enforced', 'Accepted=True Accepted', 'PeersResolved=False NoSuchTier'])
    expect(conditionOf(status, 'PeersResolved')?.message).toBe(
      'AppTier shop/db spec.from[0]: there is no tier aip in the unnamed app; did you mean api?',
    )
    expect(readByKstatus(status)).toBe('Current')
  })

  test('says which side is missing across namespaces', () => {
    const yaml =
      appTier('db', { selector, from: [{ tier: 'report', namespace: 'bi' }] }) +
      workload('report', { tier: 'report' }, { namespace: 'bi' })
    const peers = conditionOf(statusIn(yaml), 'PeersResolved')
    expect(peers).toMatchObject({ status: 'False', reason: 'OneSided' })
    expect(peers?.message).toContain('Deployment bi/report does not say that it connects to db in shop')
  })

  test.each([
    ['to: a tier that does not name it', { to: [{ tier: 'api' }] }, 'Refused'],
    ['from: a name that is not defined', { from: [{ named: 'monitoring' }] }, 'NotDefined'],
    ['to: an API server whose addresses are not known', { to: [{ kubeApiserver: true }] }, 'ApiServerUnknown'],
    ['to: ports that the server does not have', { to: [{ tier: 'web', ports: [{ port: 9 }] }] }, 'NoCommonPort'],
  ])('gives a reason for %s', (_, spec, reason) => {
    const status = statusIn(threeTier + appTier('db', { selector, ...spec }))
    expect(outline(status)).toContain(`PeersResolved=False ${reason}`)
  })

  test('counts what the annotations of its workloads name as well', () => {
    const yaml = appTier('db', {}) + workload('mysql', { tier: 'db', 'allow-from': 'api, nobody' }) + threeTier
    expect(messageOf(yaml, {}, 'PeersResolved')).toContain(
      'Deployment shop/mysql metadata.annotations[tierwall.dev/allow-from]: there is no tier nobody',
    )
  })

  test('tells the entries of one annotation apart', () => {
    const yaml = workload('mysql', { tier: 'db', 'allow-to': 'nobody, kube-apiserver:1' }) + appTier('db', {})
    const configuration = { kubeApiserver: { endpoints: [{ address: '192.168.5.2', port: 6443 }] } }
    const message = messageOf(yaml, { configuration }, 'PeersResolved')
    expect(message).toMatch(/^Deployment shop\/mysql [^:]*: there is no tier nobody/)
    expect(message).not.toContain('6443')
  })

  test('leaves out what only a preset or the baseline names, and what is missing to other tiers', () => {
    const yaml = appTier('db', { selector }) + workload('x', { tier: 'x', 'allow-to': 'nobody:1' })
    const configuration = { baseline: { from: ['@undefined'] } }
    expect(outline(statusIn(yaml, { configuration }))).toContain('PeersResolved=True Resolved')
  })
})

describe('Ready', () => {
  test('is true once the policies are in force, and then kstatus says Current', () => {
    const status = statusIn(db + appTier('db', { selector }))
    expect(outline(status)).toEqual(['Ready=True Enforced', 'Accepted=True Accepted', 'PeersResolved=True Resolved'])
    expect(conditionOf(status, 'Ready')?.message).toBe('1 policy is in force')
    expect(readByKstatus(status)).toBe('Current')
    expect(readByKstatus(status, 2)).toBe('InProgress')
  })

  test('is true without workloads, and says what to annotate', () => {
    const ready = conditionOf(statusIn(appTier('db', { app: 'till' })), 'Ready')
    expect(ready).toMatchObject({ status: 'True', reason: 'NoWorkloads' })
    expect(ready?.message).toContain('No workload of shop is annotated with tierwall.dev/tier: db in app till')
    expect(messageOf(appTier('db', { selector }))).toBe('1 policy is in force, for pods that no workload makes yet')
  })

  test.each([
    ['audit', 'Audit'],
    ['off', 'Off'],
  ])('is true in isolation %s, and says who wants it that nothing is enforced', (mode, reason) => {
    const status = statusIn(isolate(mode) + db + appTier('db', { selector }))
    expect(conditionOf(status, 'Ready')).toMatchObject({
      status: 'True',
      reason,
      message: `Nothing is enforced: shop is in ${mode} (Namespace shop metadata.annotations[tierwall.dev/isolation]); enforce would write 1 policy for it`,
    })
    expect(status.policies).toEqual([])
  })

  test('is not lowered by conflicts where nothing would be written', () => {
    const conflicts = ['tierwall-db.apptier', 'tierwall-default-deny'].map(name => ({
      namespace: 'shop',
      name,
      because: 'foreign',
    }))
    expect(outline(statusIn(isolate('off') + appTier('db', { selector }), { conflicts }))).toContain('Ready=True Off')
  })

  test('is False, for a person to act, where the isolation of its namespace cannot be read', () => {
    const status = statusIn(isolate('on') + appTier('db', { selector }))
    expect(outline(status)).toEqual([
      'Ready=False IsolationInvalid',
      'Accepted=True Accepted',
      'PeersResolved=True Resolved',
      'Stalled=True IsolationInvalid',
    ])
  })

  test('is False where somebody else holds the name of a policy of the whole namespace', () => {
    const conflicts = [{ namespace: 'shop', name: 'tierwall-default-deny', because: 'foreign' }]
    expect(outline(statusIn(appTier('db', { selector }), { conflicts }))).toEqual([
      'Ready=False Conflict',
      'Accepted=True Accepted',
      'PeersResolved=True Resolved',
      'Stalled=True Conflict',
    ])
  })

  test('is False where a workload of the tier says what cannot be read', () => {
    const status = statusIn(appTier('db', {}) + workload('mysql', { tier: 'db', ports: '80-79' }))
    expect(outline(status)).toContain('Ready=False WorkloadInvalid')
    expect(conditionOf(status, 'Stalled')?.message).toContain(
      'Deployment shop/mysql metadata.annotations[tierwall.dev/ports]',
    )
  })

  test('is not lowered by what is said on a workload that has no policy of its own', () => {
    const covered = workload('mysql', { tier: 'db', ports: '1' }, { selector: { role: 'db' } })
    expect(outline(statusIn(covered + appTier('db', { selector })))).toContain('Ready=True Enforced')
  })

  test('is not lowered by an annotation on a pod template, which is not read', () => {
    const template = { metadata: { labels: { app: 'a' }, annotations: { 'tierwall.dev/tier': 'db' } } }
    const metadata = { name: 'a', namespace: 'shop', annotations: { 'tierwall.dev/tier': 'db' } }
    const spec = { selector: { matchLabels: { app: 'a' } }, template }
    const yaml = `---\n${JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec })}\n`
    expect(outline(statusIn(yaml + appTier('db', {})))).toContain('Ready=True Enforced')
  })

  test('is False, and takes time, while writes are under way', () => {
    const status = statusIn(appTier('db', { selector }), { settled: false })
    expect(outline(status)).toEqual([
      'Ready=False Reconciling',
      'Accepted=True Accepted',
      'PeersResolved=True Resolved',
      'Reconciling=True Reconciling',
    ])
    expect(readByKstatus(status)).toBe('InProgress')
  })

  test('is False while the API server refuses a policy, and says in which words', () => {
    const failures = [{ policy: 'tierwall-db.apptier', message: '403 Forbidden: exceeded\nquota' }]
    const status = statusIn(appTier('db', { selector }), { failures, settled: false })
    expect(outline(status)).toContain('Ready=False WriteFailed')
    expect(outline(status)).toContain('Reconciling=True WriteFailed')
    expect(conditionOf(status, 'Ready')?.message).toBe(
      'NetworkPolicy tierwall-db.apptier: 403 Forbidden: exceeded\\u000aquota',
    )
  })

  test('names the write that holds up its namespace', () => {
    const failures = [{ policy: 'tierwall-web', message: 'too large' }]
    expect(messageOf(appTier('db', { selector }), { failures, settled: false })).toContain('tierwall-web: too large')
    expect(outline(statusIn(appTier('db', { selector }), { failures }))).toContain('Ready=True Enforced')
  })

  test('waits for a person and never for both, since readers take the first of Stalled and Reconciling', () => {
    const status = statusIn(appTier('db', { selector, ports: [{}] }), { settled: false })
    expect(outline(status).filter(line => /^(Stalled|Reconciling)/.test(line))).toHaveLength(1)
    expect(readByKstatus(status)).toBe('Failed')
  })
})

describe('the conditions', () => {
  test('keep the time of their last transition as long as their status is the same', () => {
    const good = appTier('db', { selector })
    const first = statusIn(good)
    expect(first.conditions.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual(
      Array(3).fill('2026-03-01T12:00:00Z'),
    )
    const later = { previous: first, now: Date.parse('2026-03-01T13:00:00Z'), generation: 2 }
    const second = statusIn(appTier('db', { selector, from: [{ tier: 'nobody' }] }), later)
    expect(second.conditions.map(({ type, lastTransitionTime }) => [type, lastTransitionTime.slice(11)])).toEqual([
      ['Ready', '12:00:00Z'],
      ['Accepted', '12:00:00Z'],
      ['PeersResolved', '13:00:00Z'],
    ])
    expect(second.conditions.map(({ observedGeneration }) => observedGeneration)).toEqual([2, 2, 2])
  })

  test('have messages of at most 1,024 bytes, which say how many problems there are', () => {
    const from = Array.from({ length: 100 }, (_, index) => ({ tier: `nobody-${index}` }))
    const message = messageOf(appTier('db', { selector, from }), {}, 'PeersResolved') ?? ''
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1_024)
    expect(message).toMatch(/^100 problems: .*…$/)
  })
})

describe('two statuses', () => {
  test('are the same where only times differ', () => {
    const yaml = appTier('db', { selector })
    const [now, later] = [statusIn(yaml), statusIn(yaml, { now: Date.parse('2027-01-01T00:00:00Z') })]
    expect(now).not.toEqual(later)
    expect(sameStatus(now, later)).toBe(true)
    expect(sameStatus(undefined, now)).toBe(false)
    expect(sameStatus(undefined, undefined)).toBe(true)
    expect(sameStatus(now, statusIn(yaml, { generation: 2 }))).toBe(false)
  })
})
