import { describe, expect, test } from 'vitest'
import { readConfiguration } from '../../../src/api/configuration.ts'
import { makeCustomResourceDefinition } from '../../../src/api/crd.ts'
import { readConfigMap } from '../../../src/doctor/configured.ts'
import { askedRights, factsOf, linesOf, now, refused } from './facts.ts'

const on = (check: string, more: Parameters<typeof factsOf>[1], yaml = '') => linesOf(check, factsOf(yaml, more))
const configured = (json: unknown) => ({
  seen: { from: 'tierwall.yaml', configuration: readConfiguration(json).configuration, problems: [] },
})

describe('doctor on the API server', () => {
  test.each([
    ['v1.36.0', 'ok v1.36.0'],
    ['v1.30.5-gke.1014001', 'ok v1.30.5-gke.1014001'],
    ['v1.29.15', 'ok v1.29.15 — it lacks admission policies, which refuse malformed annotations (since 1.30)'],
    ['v1.27.9+k3s1', 'warn v1.27.9+k3s1 is older than Tierwall is made for — it lacks admission policies'],
    ['v1.24.17', 'warn v1.24.17 is older than Tierwall is made for — it lacks the rules in the schema of AppTier'],
    ['v1.21.14', 'fail v1.21.14 is too old — it lacks port ranges (since 1.22), and the rules'],
    ['v1.20.15', 'fail v1.20.15 is too old — it lacks the label with the name of each namespace'],
    ['main', 'warn its version main is none that can be read'],
  ])('knows what %s goes without', (version, start) => {
    const [line] = on('API server', { version: { seen: version } })
    expect(line?.slice(0, start.length)).toBe(start)
  })

  test('fails where NetworkPolicy is not served', () => {
    expect(on('NetworkPolicy', { servesPolicies: { seen: false } })[0]).toMatch(/^fail networking.k8s.io\/v1 is not/)
  })
})

const dnsService = `
apiVersion: v1
kind: Service
metadata: { namespace: kube-system, name: kube-dns, labels: { k8s-app: kube-dns } }
spec:
  selector: { k8s-app: kube-dns }
  ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }]
`
const dnsSlice = `---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { namespace: kube-system, name: kube-dns-1, labels: { kubernetes.io/service-name: kube-dns } }
endpoints: [{ addresses: [10.244.0.7], conditions: { ready: true } }]
ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }]
`
const nodeCache = (more = '') => `---
apiVersion: apps/v1
kind: DaemonSet
metadata: { namespace: kube-system, name: node-local-dns }
spec:
  selector: {}
  template:
    spec:
      containers:
        - name: node-cache
          image: registry.k8s.io/dns/k8s-dns-node-cache:1.25.0
          args: [-localip, '169.254.20.10,10.96.0.10', -conf, /etc/Corefile${more}]
`

describe('doctor on DNS', () => {
  test('names the Service and what allow-dns opens', () => {
    expect(on('DNS', {}, dnsService + dnsSlice)).toEqual([
      'ok Service kube-system/kube-dns: allow-dns opens 53, 53/UDP to pods k8s-app=kube-dns in kube-system',
    ])
  })

  test('warns where none of its pods is ready', () => {
    const [line] = on('DNS', {}, dnsService + dnsSlice.replace('ready: true', 'ready: false'))
    expect(line).toMatch(/^warn Service kube-system\/kube-dns: .*, and none of its pods is ready — names are not/)
    expect(on('DNS', {}, dnsService)[0]).toMatch(/^warn/)
  })

  test('fails where there is no Service for it', () => {
    expect(on('DNS', {})[0]).toMatch(/^fail no Service for it was found: allow-dns opens 53, 53\/UDP to pods k8s-app=/)
  })

  test('is content with what the configuration says', () => {
    expect(on('DNS', { configured: configured({ dns: { peers: ['10.0.0.2/32'] } }) })).toEqual([
      'ok by the configuration: allow-dns opens 53, 53/UDP to 10.0.0.2/32',
    ])
  })

  test('fails where the configuration names a Service that is not there', () => {
    const dns = { services: [{ namespace: 'dns', name: 'core' }] }
    expect(on('DNS', { configured: configured({ dns }) }, dnsService)).toEqual([
      expect.stringMatching(
        /^fail Service dns\/core is not known here — names are not resolved in isolated namespaces/,
      ),
    ])
  })

  test('tells what to write where NodeLocal DNS answers elsewhere', () => {
    expect(on('NodeLocal DNS', {}, dnsService + nodeCache())).toEqual([
      'warn DaemonSet kube-system/node-local-dns answers at 169.254.20.10, 10.96.0.10, and allow-dns does not open 169.254.20.10/32, 10.96.0.10/32 — with most network plugins names are not resolved in isolated namespaces; write dns.peers: [169.254.20.10/32, 10.96.0.10/32] into the configuration',
    ])
  })

  test('is content where the configuration has all of its addresses, and silent where it is not', () => {
    const peers = ['169.254.20.0/24', '10.96.0.10/32']
    expect(on('NodeLocal DNS', { configured: configured({ dns: { peers } }) }, nodeCache())).toEqual([
      'ok DaemonSet kube-system/node-local-dns answers at 169.254.20.10, 10.96.0.10, which allow-dns opens',
    ])
    expect(on('NodeLocal DNS', {})).toEqual([])
  })

  test('tells which address is still missing', () => {
    const one = configured({ dns: { peers: ['169.254.20.10/32'] } })
    expect(on('NodeLocal DNS', { configured: one }, nodeCache())[0]).toMatch(/write dns.peers: \[10.96.0.10\/32\] /)
  })
})

describe('doctor on AppTier', () => {
  const { spec } = makeCustomResourceDefinition()

  test('is content with the definition of this version, whatever the API server adds to it', () => {
    const stored = { ...Object(spec), conversion: { strategy: 'None' } }
    expect(on('AppTier', { definition: { seen: { established: true, spec: stored } } })).toEqual([
      'ok installed, as Tierwall 0.1.0 has it',
    ])
  })

  test('says so where it is not installed', () => {
    expect(on('AppTier', { definition: { seen: undefined } })).toEqual([
      'warn its definition is not installed — annotations work without it, AppTier objects do not; kubectl apply -f crds/tierwall.dev_apptiers.yaml',
    ])
  })

  const changed = (change: (properties: Record<string, unknown>) => void) => {
    const stored = JSON.parse(JSON.stringify(spec))
    change(stored.versions[0].schema.openAPIV3Schema.properties.spec.properties)
    return { definition: { seen: { established: true, spec: stored } } }
  }

  test('tells an older one by what it lacks, and another one by where it differs', () => {
    const older = changed(properties => {
      delete properties.to
    })
    expect(on('AppTier', older)).toEqual([
      'warn its definition is older than Tierwall 0.1.0: it lacks spec.to — fields may be refused or lost; kubectl apply -f crds/tierwall.dev_apptiers.yaml of this version',
    ])
    const other = changed(properties => {
      delete properties.to
      properties.egress = { type: 'array' }
    })
    expect(on('AppTier', other)[0]).toMatch(
      /^warn its definition is not the one of Tierwall 0.1.0: it differs in spec.egress, spec.to — /,
    )
  })

  test('does not mind another description', () => {
    const described = changed(properties => {
      properties.tier = { ...Object(properties.tier), description: 'other words' }
    })
    expect(on('AppTier', described)[0]).toMatch(/^ok/)
  })

  test('fails where it is not served', () => {
    expect(on('AppTier', { definition: { seen: { established: false, spec } } })[0]).toMatch(
      /^fail its definition is not/,
    )
  })

  test('may know that it is served where it may not look', () => {
    const more = { definition: refused('get customresourcedefinitions'), groups: { seen: ['tierwall.dev'] } }
    expect(on('AppTier', more)).toEqual([
      'warn could not look: needs the right to get customresourcedefinitions; tierwall.dev is served',
    ])
  })
})

describe('doctor on what is left of an installation', () => {
  const part = { what: 'admission policies', remove: 'kubectl delete them', isThere: true }
  const remains = [
    { ...part, part: 'admission' },
    { ...part, part: 'rights', what: 'rights', isThere: false },
  ] as const
  const nobody = { remains, lease: { seen: undefined } }

  test('names what goes on without an operator, and how it is removed', () => {
    expect(linesOf('left of an installation', factsOf('', nobody))).toEqual([
      expect.stringMatching(/^warn admission policies, and no operator — they go on refusing .*; kubectl delete them$/),
    ])
  })

  test('says nothing where an operator is at work, or is installed and down', () => {
    const installed = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: tierwall-system }\n'
    expect(linesOf('left of an installation', factsOf('', { remains }))).toEqual([])
    expect(linesOf('left of an installation', factsOf(installed, nobody))).toEqual([])
  })
})

describe('doctor on admission policies', () => {
  const admission = (policies: string[], bound: string[]) => ({ admission: { seen: { policies, bound } } })

  test('names those that are in force', () => {
    expect(on('admission policies', admission(['tierwall-a', 'tierwall-b'], ['tierwall-b', 'tierwall-a']))).toEqual([
      'ok tierwall-a, tierwall-b',
    ])
  })

  test('warns of one without a binding, and not where there is none at all', () => {
    expect(on('admission policies', admission(['tierwall-a'], ['other']))[0]).toMatch(/^warn tierwall-a has no binding/)
    expect(on('admission policies', admission([], []))[0]).toMatch(/^ok none, which is fine — mistakes in annotations/)
    expect(on('admission policies', { admission: { seen: undefined } })[0]).toMatch(/^ok not to be had here/)
  })
})

describe('doctor on the configuration', () => {
  const read = (text: string) => ({ configured: { seen: readConfigMap('tierwall-system', { 'config.yaml': text }) } })

  test('says where it comes from', () => {
    expect(on('configuration', {})).toEqual(['ok the defaults'])
    expect(on('configuration', read('isolation: audit\n'))).toEqual(['ok ConfigMap tierwall-system/tierwall-config'])
    expect(on('configuration', { configured: { seen: readConfigMap('tierwall-system', undefined) } })).toEqual([
      'ok the defaults',
    ])
  })

  test('fails with each of its problems', () => {
    expect(on('configuration', read('clusterRanges: [10.0.0.1/8]\nbaseline: {from: [Web]}\n'))).toEqual([
      expect.stringMatching(
        /^fail ConfigMap tierwall-system\/tierwall-config clusterRanges\[0\]: '10.0.0.1\/8' has bits/,
      ),
      expect.stringMatching(/^fail ConfigMap tierwall-system\/tierwall-config baseline.from\[0\]: /),
    ])
    expect(on('configuration', read('isolation: [\n'))[0]).toMatch(/^fail ConfigMap .*: config.yaml is no YAML: /)
  })
})

describe('doctor on the operator', () => {
  const lease = (holder: string, seconds: number) => ({
    lease: { seen: { holder, renewed: now - seconds * 1_000, lasts: 15_000 } },
  })

  test('says who leads', () => {
    expect(on('operator', lease('tierwall-0', 3))).toEqual(['ok tierwall-0 leads, and said so 3 s ago'])
  })

  test('fails where the one that leads has gone silent', () => {
    expect(on('operator', lease('tierwall-0', 16))).toEqual([
      'fail tierwall-0 leads, but said so 16 s ago for the last time — nobody keeps the policies true; kubectl -n tierwall-system get pods, and read the logs',
    ])
    expect(on('operator', lease('tierwall-0', 7_300))[0]).toMatch(/said so 2 h ago for the last time/)
  })

  test('warns where none is at work', () => {
    expect(on('operator', lease('', 600))[0]).toMatch(/^warn none is at work: the last one went 10 min ago — /)
    expect(on('operator', { lease: { seen: undefined } })[0]).toMatch(/^warn none has run in tierwall-system — /)
    const elsewhere = { lease: { seen: undefined }, configured: configured({ operatorNamespace: 'platform' }) }
    expect(on('operator', elsewhere)[0]).toMatch(/^warn none has run in platform — /)
  })
})

const policy = (name: string, manager: string, namespace = 'shop') => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  namespace: ${namespace}
  name: ${name}
  uid: uid-${name}
  resourceVersion: '5'
  labels: { app.kubernetes.io/managed-by: tierwall }
  managedFields: [{ manager: ${manager}, operation: Update, fieldsV1: { 'f:spec': {} } }]
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
`
const ours =
  policy('tierwall-web', 'tierwall') + policy('tierwall-db', 'tierwall') + policy('tierwall-db', 'tierwall', 'data')

describe('doctor on policies', () => {
  test('counts those of ours', () => {
    expect(on('policies', {}, ours)).toEqual(['ok 3 policies of ours in 2 namespaces'])
    expect(on('policies', { namespace: 'shop' }, policy('tierwall-web', 'tierwall'))).toEqual([
      'ok 1 policy of ours in shop',
    ])
  })

  test('fails where no operator keeps them true', () => {
    const silent = { lease: { seen: { holder: 'tierwall-0', renewed: now - 60_000, lasts: 15_000 } } }
    const line =
      'fail 3 policies of ours in 2 namespaces, and no operator that keeps them true — they stay in force, and go on as they are whatever changes; start the operator, or tierwall uninstall'
    for (const more of [silent, { lease: { seen: undefined } }]) expect(on('policies', more, ours)).toEqual([line])
    expect(on('policies', silent)).toEqual(['ok 0 policies of ours'])
  })

  test('does not call them forsaken where it could not look for an operator', () => {
    expect(on('policies', { lease: refused('get leases') }, ours)[0]).toMatch(/^ok 3 policies/)
  })

  test('names those that carry our label and that somebody else wrote', () => {
    expect(on('policies', {}, policy('tierwall-web', 'kubectl-client-side-apply'))).toEqual([
      'ok 0 policies of ours',
      'warn 1 policy carries our label and was not written by the operator: shop/tierwall-web — the operator leaves them alone, also where they have the name of one of its own; delete those that nobody renders and applies, or run the operator with --adopt',
    ])
  })
})

describe('doctor on rights', () => {
  const readOnly = askedRights(({ verb }) => verb === 'get' || verb === 'list' || verb === 'watch')
  const none = askedRights(() => false)

  test('names what you may not do, by what it is about', () => {
    expect(on('your rights', { ownRights: { seen: readOnly } })).toEqual([
      'warn you may not create, update, patch, delete networkpolicies.networking.k8s.io; patch apptiers/status.tierwall.dev; create, patch events.events.k8s.io; create, update leases.coordination.k8s.io in tierwall-system — you cannot run Tierwall as yourself; what the operator does stays the same; ask for those rights where you need them',
    ])
  })

  test("fails where some of the operator's are missing, and takes none at all for one that is not there", () => {
    expect(on("the operator's rights", {})).toEqual(['ok its ServiceAccount in tierwall-system has all of them'])
    expect(on("the operator's rights", { operatorRights: { seen: readOnly } })[0]).toMatch(/^fail it may not create, /)
    expect(on("the operator's rights", { operatorRights: { seen: none } })[0]).toMatch(/^warn it has none in tierwall-/)
  })
})

describe('doctor on isolation', () => {
  const namespace = (name: string, isolation?: string) =>
    `---\n${JSON.stringify({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, annotations: isolation === undefined ? {} : { 'tierwall.dev/isolation': isolation } },
    })}\n`

  test('names the namespaces that say how they are isolated', () => {
    const yaml = [['b', 'audit'], ['a', 'audit'], ['c', 'off'], ['d']].map(([name = '', mode]) => namespace(name, mode))
    expect(on('isolation', {}, yaml.join(''))).toEqual([
      'ok enforce where a namespace says nothing; audit in a, b; off in c',
    ])
  })

  test('says what holds where they say nothing', () => {
    expect(on('isolation', { configured: configured({ isolation: 'audit' }) }, namespace('a'))).toEqual([
      'ok audit where a namespace says nothing',
    ])
  })

  test('warns of what cannot be read or is refused', () => {
    const lines = on('isolation', {}, namespace('a', 'on') + namespace('kube-system', 'enforce'))
    expect(lines).toEqual([
      expect.stringMatching(/^ok/),
      expect.stringMatching(/^warn Namespace a metadata.annotations.*: 'on' is no isolation mode — /),
      expect.stringMatching(/^warn Namespace kube-system .*: Tierwall writes nothing in kube-system — /),
    ])
  })
})

describe('doctor where it may not look', () => {
  test('says so for each check, with the right that it needs, and fails none', () => {
    const right = refused('see it')
    const blind = factsOf('', {
      version: right,
      groups: right,
      servesPolicies: right,
      agents: right,
      nodes: right,
      namespaces: right,
      dns: right,
      policies: right,
      definition: right,
      admission: right,
      lease: right,
      ownRights: right,
      operatorRights: right,
      configured: right,
    })
    for (const check of [
      'API server',
      'NetworkPolicy',
      'network plugin',
      'DNS',
      'AppTier',
      'admission policies',
      'configuration',
      'operator',
      "the operator's rights",
      'your rights',
      'isolation',
      'policies',
    ])
      expect([check, linesOf(check, blind)]).toEqual([check, ['warn could not look: needs the right to see it']])
  })
})
