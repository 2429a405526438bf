import { describe, expect, it } from 'vitest'
import { appTier, workload } from '../decide.ts'
import { findings, namespace, pod } from './findings.ts'

const lint = (text: string, configuration: unknown = {}) => findings('peer-selects-nothing', text, configuration)
const from = (...peers: object[]) => workload('db', { tier: 'db' }) + appTier('db', { from: peers })
const labels = (matchLabels: object) => ({ matchLabels })
const wholeCluster = namespace('kube-system') + namespace('shop')

describe('peer-selects-nothing', () => {
  describe('pods of its own namespace', () => {
    it('names the label whose value is a slip away', () => {
      expect(
        lint(from({ podSelector: labels({ role: 'clint' }) }) + pod('one', { labels: { role: 'client' } })),
      ).toEqual([
        'peer-selects-nothing at AppTier shop/db spec.from[0].podSelector: no pod of shop in the input has role=clint => write role: client',
      ])
    })

    it('names the label whose key is a slip away', () => {
      expect(
        lint(from({ podSelector: labels({ rolle: 'client' }) }) + pod('one', { labels: { role: 'client' } })),
      ).toEqual([
        'peer-selects-nothing at AppTier shop/db spec.from[0].podSelector: no pod of shop in the input has rolle=client => write role: client',
      ])
    })

    it('names another key that has the value', () => {
      expect(
        lint(from({ podSelector: labels({ component: 'client' }) }) + pod('one', { labels: { role: 'client' } })),
      ).toEqual([
        'peer-selects-nothing at AppTier shop/db spec.from[0].podSelector: no pod of shop in the input has component=client => did you mean role: client?',
      ])
    })

    it('lists the values that are known', () => {
      expect(lint(from({ podSelector: labels({ app: 'frontend' }) }) + workload('api', { tier: 'api' }))).toEqual([
        'peer-selects-nothing at AppTier shop/db spec.from[0].podSelector: no pod of shop in the input has app=frontend => known values of app: api, db',
      ])
    })

    it('knows Pods, Jobs’ templates and what makes pods of any kind', () => {
      const job = `---
apiVersion: batch/v1
kind: Job
metadata: {name: load, namespace: shop}
spec: {template: {metadata: {labels: {role: client}}}}
`
      expect(lint(from({ podSelector: labels({ role: 'client' }) }) + job)).toEqual([])
      expect(
        lint(from({ podSelector: labels({ role: 'client' }) }) + pod('a', { labels: { role: 'client' } })),
      ).toEqual([])
    })

    it('is silent where the input has no pods at all', () => {
      const tier = appTier('db', {
        selector: labels({ app: 'db' }),
        from: [{ podSelector: labels({ role: 'client' }) }],
      })
      expect(lint(tier)).toEqual([])
    })

    it('wants all labels on one pod', () => {
      const two = pod('a', { labels: { role: 'client' } }) + pod('b', { labels: { zone: 'north' } })
      expect(lint(from({ podSelector: labels({ role: 'client', zone: 'north' }) }) + two)).toEqual([
        'peer-selects-nothing at AppTier shop/db spec.from[0].podSelector: no pod of shop in the input has role=client, zone=north => write labels that the pods carry, or take this peer away',
      ])
    })
  })

  describe('namespaces by label', () => {
    it('takes a namespace that is not in the input for one that may be there', () => {
      expect(lint(from({ namespaceSelector: labels({ team: 'ops' }) }))).toEqual([])
      expect(lint(from({ namespaceSelector: labels({ 'kubernetes.io/metadata.name': 'front' }) }))).toEqual([])
    })

    it('takes a namespace without a Namespace object for one with any labels', () => {
      const elsewhere = pod('one', { namespace: 'front' })
      expect(lint(from({ namespaceSelector: labels({ team: 'ops' }) }) + elsewhere)).toEqual([])
      expect(lint(wholeCluster + from({ namespaceSelector: labels({ team: 'ops' }) }) + elsewhere)).toEqual([])
      const byExpression = { matchExpressions: [{ key: 'team', operator: 'In', values: ['ops'] }] }
      expect(lint(wholeCluster + from({ namespaceSelector: byExpression }) + elsewhere)).toEqual([])
    })

    it('judges a namespace without a Namespace object by its name, which Kubernetes makes a label', () => {
      const byName = (operator: string, ...values: string[]) =>
        from({ namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, values }] } })
      const elsewhere = pod('one', { namespace: 'front' })
      expect(lint(wholeCluster + byName('In', 'front') + elsewhere)).toEqual([])
      expect(lint(wholeCluster + byName('In', 'other') + elsewhere)).toHaveLength(1)
      expect(lint(byName('In', 'frnot') + elsewhere)).toHaveLength(1)
    })

    it('tells of a label that is a slip away from a known one', () => {
      expect(
        lint(
          from({ namespaceSelector: labels({ project: 'frontnd' }) }) +
            namespace('front', { project: 'frontend' }) +
            namespace('shop'),
        ),
      ).toEqual([
        'peer-selects-nothing at AppTier shop/db spec.from[0].namespaceSelector: no namespace in the input has project=frontnd => write project: frontend',
      ])
    })

    it('does not take a number for a slip of the pen', () => {
      const known = namespace('team-1', { team: 'team-1' }) + namespace('shop')
      expect(lint(from({ namespaceSelector: labels({ team: 'team-2' }) }) + known)).toEqual([])
    })

    it('tells of any label that no namespace has where the input is a whole cluster', () => {
      expect(lint(wholeCluster + from({ namespaceSelector: labels({ team: 'ops' }) }))).toEqual([
        'peer-selects-nothing at AppTier shop/db spec.from[0].namespaceSelector: no namespace in the input has team=ops => write labels that the namespace carries, or take this peer away',
      ])
    })
  })

  describe('pods of other namespaces', () => {
    const peer = {
      namespaceSelector: labels({ 'kubernetes.io/metadata.name': 'front' }),
      podSelector: labels({ role: 'client' }),
    }

    it('is silent while nothing is known of the pods there', () => {
      expect(lint(from(peer))).toEqual([])
      expect(lint(from(peer) + namespace('front'))).toEqual([])
    })

    it('tells of labels that no pod there has', () => {
      expect(lint(from(peer) + pod('one', { namespace: 'front', labels: { role: 'server' } }))).toEqual([
        'peer-selects-nothing at AppTier shop/db spec.from[0].podSelector: no pod of front in the input has role=client => known values of role: server',
      ])
      expect(lint(from(peer) + pod('one', { namespace: 'front', labels: { role: 'client' } }))).toEqual([])
    })

    it('is content with one of several namespaces', () => {
      const two = ['a', 'b'].map(name => namespace(name, { team: 'ops' }))
      const roles = ['client', 'server'].map((role, index) =>
        pod('one', { namespace: 'ab'[index] ?? '', labels: { role } }),
      )
      const open = { namespaceSelector: labels({ team: 'ops' }), podSelector: labels({ role: 'client' }) }
      expect(lint(wholeCluster + from(open) + two.join('') + roles.join(''))).toEqual([])
      expect(lint(wholeCluster + from(open) + two.join('') + (roles[1] ?? ''))).toHaveLength(1)
    })

    it('wants to know all the namespaces that are asked for by name', () => {
      const byName = (...values: string[]) => ({
        namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }] },
        podSelector: labels({ role: 'client' }),
      })
      const other = pod('one', { namespace: 'a', labels: { role: 'server' } })
      expect(lint(from(byName('a')) + other)).toHaveLength(1)
      expect(lint(from(byName('a', 'b')) + other)).toEqual([])
      expect(lint(from(byName('a', 'b')) + other + namespace('b'))).toEqual([])
      expect(lint(from(byName('a', 'b')) + other + namespace('b') + wholeCluster)).toHaveLength(1)
    })

    it('leaves room for namespaces that it does not know, unless the label is a slip away', () => {
      const open = { namespaceSelector: labels({ team: 'ops' }), podSelector: labels({ role: 'client' }) }
      const ops = namespace('ops', { team: 'ops' })
      expect(lint(from(open) + ops + pod('one', { namespace: 'ops', labels: { role: 'server' } }))).toEqual([])
      expect(lint(from(open) + ops + pod('one', { namespace: 'ops', labels: { role: 'cliemt' } }))).toHaveLength(1)
      const byTeam = { matchExpressions: [{ key: 'team', operator: 'In', values: ['ops'] }] }
      expect(
        lint(
          from({ ...open, namespaceSelector: byTeam }) +
            ops +
            pod('one', { namespace: 'ops', labels: { role: 'server' } }),
        ),
      ).toEqual([])
    })
  })

  describe('all pods of a namespace', () => {
    it('tells of a name that is a slip away', () => {
      const db = workload('db', { tier: 'db', 'allow-from': 'api, *.monitring:3306' }, { ports: [3306] })
      expect(lint(db + pod('prometheus', { namespace: 'monitoring' }))).toEqual([
        'peer-selects-nothing at Deployment shop/db metadata.annotations[tierwall.dev/allow-from] 5-21: there is no namespace monitring in the input => write *.monitoring',
      ])
    })

    it('tells of each entry of a list', () => {
      const db = workload('db', { tier: 'db', 'allow-from': '*.monitring, *.loging' })
      expect(lint(db + ['monitoring', 'logging'].map(name => namespace(name)).join(''))).toHaveLength(2)
    })

    it('is silent about a namespace that is there', () => {
      const db = workload('db', { tier: 'db', 'allow-from': '*.monitoring, *.empty' })
      expect(lint(wholeCluster + db + pod('one', { namespace: 'monitoring' }) + namespace('empty'))).toEqual([])
    })

    it('is silent about a namespace that is only not in the input', () => {
      const db = workload('db', { tier: 'db', 'allow-from': '*.monitoring' })
      expect(lint(db)).toEqual([])
      expect(lint(wholeCluster + db)).toHaveLength(1)
    })
  })

  describe('peers of the configuration', () => {
    const clients = { podSelector: labels({ role: 'clint' }) }

    it('tells of a named peer where it is defined, once for all who use it', () => {
      const users =
        workload('db', { tier: 'db', 'allow-from': '@clients' }) +
        workload('api', { tier: 'api', 'allow-from': '@clients' })
      expect(lint(users + pod('one', { labels: { role: 'client' } }), { peers: { clients } })).toEqual([
        'peer-selects-nothing at configuration peers.clients[0]: no pod of shop in the input has role=clint => write role: client',
      ])
    })

    it('is silent about a named peer that nobody uses', () => {
      expect(lint(workload('db', { tier: 'db' }), { peers: { clients } })).toEqual([])
    })

    it('is silent about a baseline peer that some namespace has', () => {
      const two = workload('db', { tier: 'db' }) + workload('db', { tier: 'db' }, { namespace: 'other' })
      const one = pod('one', { namespace: 'other', labels: { role: 'clint' } })
      expect(lint(two + one, { baseline: { from: [clients] } })).toEqual([])
      const withoutPods = appTier('db', { selector: labels({ app: 'db' }) }, 'third')
      expect(lint(two + withoutPods, { baseline: { from: [clients] } })[0]).toContain(
        'no pod of other, shop, third in the input',
      )
      expect(lint(two, { baseline: { from: [clients] } })).toEqual([
        'peer-selects-nothing at configuration baseline.from[0]: no pod of other, shop in the input has role=clint => write labels that the pods carry, or take this peer away',
      ])
    })
  })
})
