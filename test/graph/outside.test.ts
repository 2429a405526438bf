import { describe, expect, it } from 'vitest'
import { decideYaml, policiesOf, problemsOf, workload } from '../decide.ts'

const specOf = (text: string, configuration?: unknown, name = 'shop/tierwall-web') =>
  policiesOf(decideYaml(text, configuration)).get(name)?.spec
const egressOf = (to: string, configuration?: unknown) =>
  specOf(workload('web', { tier: 'web', 'allow-to': to }), configuration)?.egress?.slice(1)
const ingressOf = (from: string, configuration?: unknown) =>
  specOf(workload('web', { tier: 'web', 'allow-from': from }), configuration)?.ingress

const tcp = (port: number) => ({ protocol: 'TCP', port })

describe('ends that are no tier', () => {
  it('are written as what they stand for', () => {
    expect(ingressOf('anywhere')).toEqual([{ ports: [tcp(80)] }])
    expect(ingressOf('cluster')).toEqual([{ from: [{ namespaceSelector: {} }], ports: [tcp(80)] }])
    expect(ingressOf('namespace')).toEqual([{ from: [{ podSelector: {} }], ports: [tcp(80)] }])
    expect(ingressOf('*.front')).toEqual([
      { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'front' } } }], ports: [tcp(80)] },
    ])
    expect(ingressOf('10.0.0.0/8!10.1.0.0/16')).toEqual([
      { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }], ports: [tcp(80)] },
    ])
    expect(egressOf('anywhere:443')).toEqual([{ ports: [tcp(443)] }])
    expect(egressOf('192.168.5.10/32:80')).toEqual([
      { to: [{ ipBlock: { cidr: '192.168.5.10/32' } }], ports: [tcp(80)] },
    ])
  })

  it('unite the ports of a peer that is written twice', () => {
    expect(ingressOf('*.front, *.front:9090')?.[0]?.ports).toEqual([tcp(80), tcp(9090)])
    expect(egressOf('10.0.0.0/8:443, 10.0.0.0/8:80, 10.0.0.0/8:443')).toEqual([
      { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [tcp(80), tcp(443)] },
    ])
  })

  it('may have every port in `to` only', () => {
    expect(egressOf('10.0.0.0/8')).toEqual([{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }])
    expect(ingressOf('none')).toBeUndefined()
  })

  it('leave the cluster’s ranges and all private ones out of internet', () => {
    const blocks = egressOf('internet:443', {
      clusterRanges: ['100.64.0.0/16', '203.0.112.0/20', '2001:db8::/32', 'fd00::/8'],
    })?.[0]?.to
    expect(blocks).toEqual([
      {
        ipBlock: {
          cidr: '0.0.0.0/0',
          except: [
            '0.0.0.0/8',
            '10.0.0.0/8',
            '100.64.0.0/10',
            '127.0.0.0/8',
            '169.254.0.0/16',
            '172.16.0.0/12',
            '192.168.0.0/16',
            '203.0.112.0/20',
            '224.0.0.0/4',
            '240.0.0.0/4',
          ],
        },
      },
      { ipBlock: { cidr: '2000::/3', except: ['2001:db8::/32'] } },
    ])
  })

  it('are no rule where the configuration defines no such name', () => {
    const decision = decideYaml(workload('web', { tier: 'web', 'allow-from': '@monitoring' }))
    expect(problemsOf(decision)).toEqual(['peer-undefined: @monitoring is not defined in the configuration'])
    expect(policiesOf(decision).get('shop/tierwall-web')?.spec.ingress).toBeUndefined()
  })

  it('are what the configuration says of a name, with its ports unless others are written', () => {
    const configuration = {
      peers: {
        mon: [{ namespaceSelector: { matchLabels: { team: 'obs' } }, ports: [{ port: 'metrics' }] }, '10.9.0.0/16'],
      },
    }
    const team = { namespaceSelector: { matchLabels: { team: 'obs' } } }
    const block = { ipBlock: { cidr: '10.9.0.0/16' } }
    expect(ingressOf('@mon', configuration)).toEqual([
      { from: [block], ports: [tcp(80)] },
      { from: [team], ports: [{ protocol: 'TCP', port: 'metrics' }] },
    ])
    expect(ingressOf('@mon:9100', configuration)).toEqual([{ from: [block, team], ports: [tcp(9100)] }])
  })
})

const slice = (name: string, namespace: string, service: string, addresses: string[], ports: object[]) =>
  `---\n${JSON.stringify({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: [{ addresses }],
    ports,
  })}\n`

describe('the API server', () => {
  const text = workload('web', { tier: 'web', 'allow-to': 'kube-apiserver' })

  it('is its endpoints with their port', () => {
    const endpoints = slice(
      'kubernetes',
      'default',
      'kubernetes',
      ['10.0.0.3', '10.0.0.2'],
      [{ name: 'https', port: 6443 }],
    )
    expect(specOf(text + endpoints)?.egress?.slice(1)).toEqual([
      { to: [{ ipBlock: { cidr: '10.0.0.2/32' } }, { ipBlock: { cidr: '10.0.0.3/32' } }], ports: [tcp(6443)] },
    ])
  })

  it('is what the configuration says where there are no endpoints', () => {
    expect(
      specOf(text, { kubeApiserver: { endpoints: [{ address: '10.0.0.9', port: 443 }] } })?.egress?.slice(1),
    ).toEqual([{ to: [{ ipBlock: { cidr: '10.0.0.9/32' } }], ports: [tcp(443)] }])
  })

  it('is a warning and no rule where nobody knows it', () => {
    const decision = decideYaml(text)
    expect(decision.problems.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'warning kube-apiserver-unknown',
    ])
    expect(specOf(text)?.egress).toHaveLength(1)
  })

  it('connects to the tier’s own ports when it is in `from`', () => {
    const endpoints = slice('kubernetes', 'default', 'kubernetes', ['10.0.0.2'], [{ name: 'https', port: 6443 }])
    const hook = workload('web', { tier: 'hook', ports: '9443', 'allow-from': 'kube-apiserver' })
    expect(specOf(hook + endpoints, {}, 'shop/tierwall-hook-web')?.ingress).toEqual([
      { from: [{ ipBlock: { cidr: '10.0.0.2/32' } }], ports: [tcp(9443)] },
    ])
  })
})

describe('DNS', () => {
  const web = workload('web', { tier: 'web' })
  const service = (name: string, namespace: string, spec: object) =>
    `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec })}\n`
  const dnsOf = (text: string, configuration?: unknown) =>
    specOf(web + text, configuration, 'shop/tierwall-allow-dns')?.egress
  const ports = (targetPort?: number | string) => [
    { name: 'dns', port: 53, protocol: 'UDP', ...(targetPort ? { targetPort } : {}) },
    { name: 'dns-tcp', port: 53, protocol: 'TCP', ...(targetPort ? { targetPort } : {}) },
    { name: 'metrics', port: 9153, protocol: 'TCP' },
  ]
  const pods = (namespace: string, matchLabels: object) => [
    { podSelector: { matchLabels }, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
  ]
  const both = (port: number) => [
    { protocol: 'TCP', port },
    { protocol: 'UDP', port },
  ]

  it('is kube-dns in kube-system on 53, TCP and UDP, where the input says nothing of it', () => {
    expect(dnsOf('')).toEqual([{ to: pods('kube-system', { 'k8s-app': 'kube-dns' }), ports: both(53) }])
  })

  it('is in every tier’s policy as well, complete on its own', () => {
    expect(specOf(web)?.egress?.[0]).toEqual(dnsOf('')?.[0])
  })

  it('is the selector and target port of the DNS Service', () => {
    expect(dnsOf(service('kube-dns', 'kube-system', { selector: { dns: 'yes' }, ports: ports(1053) }))).toEqual([
      { to: pods('kube-system', { dns: 'yes' }), ports: both(1053) },
    ])
  })

  it('is OpenShift’s 5353, by name or by the number in its EndpointSlices', () => {
    const openshift = service('dns-default', 'openshift-dns', {
      selector: { dns: 'default' },
      ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 'dns' }],
    })
    expect(dnsOf(openshift)?.[0]?.ports).toEqual([{ protocol: 'UDP', port: 'dns' }])
    const slices = slice(
      'dns-default-1',
      'openshift-dns',
      'dns-default',
      ['10.128.0.2'],
      [{ name: 'dns', port: 5353, protocol: 'UDP' }],
    )
    expect(dnsOf(openshift + slices)?.[0]?.ports).toEqual([{ protocol: 'UDP', port: 5353 }])
  })

  it.each([
    ['has no selector', {}, ''],
    [
      'selects pods on the host’s network',
      { selector: { 'k8s-app': 'kube-dns' } },
      `---\n${JSON.stringify({
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'dns', namespace: 'kube-system' },
        spec: {
          selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          template: { metadata: { labels: { 'k8s-app': 'kube-dns' } }, spec: { hostNetwork: true } },
        },
      })}\n`,
    ],
  ])('is the addresses of its EndpointSlices where the Service %s', (_, selector, more) => {
    const text = service('kube-dns', 'kube-system', { ...selector, ports: ports() }) + more
    const slices = slice(
      'kube-dns-1',
      'kube-system',
      'kube-dns',
      ['10.1.0.5'],
      [
        { name: 'dns', port: 53, protocol: 'UDP' },
        { name: 'metrics', port: 9153 },
      ],
    )
    expect(dnsOf(text + slices)).toEqual([
      { to: [{ ipBlock: { cidr: '10.1.0.5/32' } }], ports: [{ protocol: 'UDP', port: 53 }] },
    ])
    expect(problemsOf(decideYaml(web + text)).join()).toMatch(/^dns-unknown/)
  })

  it('is NodeLocal DNS beside kube-dns', () => {
    const text =
      service('kube-dns', 'kube-system', { selector: { 'k8s-app': 'kube-dns' }, ports: ports() }) +
      service('node-local-dns', 'kube-system', { clusterIP: 'None', ports: ports() }) +
      slice(
        'node-local-dns-1',
        'kube-system',
        'node-local-dns',
        ['10.1.0.7'],
        [{ name: 'dns', port: 53, protocol: 'UDP' }],
      )
    expect(dnsOf(text)).toEqual([
      { to: pods('kube-system', { 'k8s-app': 'kube-dns' }), ports: both(53) },
      { to: [{ ipBlock: { cidr: '10.1.0.7/32' } }], ports: [{ protocol: 'UDP', port: 53 }] },
    ])
  })

  it('is what the configuration names beside what is found', () => {
    const text = service('kube-dns', 'kube-system', { selector: { 'k8s-app': 'kube-dns' }, ports: ports() })
    const nodeLocal = { to: [{ ipBlock: { cidr: '169.254.20.10/32' } }], ports: both(53) }
    const found = { to: pods('kube-system', { 'k8s-app': 'kube-dns' }), ports: both(53) }
    for (const input of ['', text])
      expect(dnsOf(input, { dns: { peers: ['169.254.20.10/32'] } })).toEqual([
        { to: [...(nodeLocal.to ?? []), ...(found.to ?? [])], ports: both(53) },
      ])
  })

  it('is looked for in the Services that the configuration names, and in no others', () => {
    const text =
      service('kube-dns', 'kube-system', { selector: { 'k8s-app': 'kube-dns' }, ports: ports() }) +
      service('names', 'infra', { selector: { app: 'names' }, ports: ports() })
    expect(dnsOf(text, { dns: { services: [{ namespace: 'infra', name: 'names' }] } })).toEqual([
      { to: pods('infra', { app: 'names' }), ports: both(53) },
    ])
  })
})
