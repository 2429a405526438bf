/** The ways in which a cluster runs its DNS. */
import type { Dns, Pod, Port } from './shapes.ts'

const on = (port: number): readonly Port[] => [
  { first: port, last: port, protocol: 'UDP' },
  { first: port, last: port, protocol: 'TCP' },
]
const labels = { 'k8s-app': 'kube-dns' }

const podAt = (namespace: string, podLabels: Pod['labels'], port: number, hostNetwork = false): Pod => ({
  namespace,
  name: 'dns-0',
  labels: podLabels,
  ips: [hostNetwork ? '172.18.0.9' : '10.244.8.9'],
  hostNetwork,
  ports: [
    { name: 'dns', containerPort: port, protocol: 'UDP' },
    { name: 'dns-tcp', containerPort: port, protocol: 'TCP' },
  ],
  written: true,
})

const service = (namespace: string, name: string, selector: object | undefined, target: number | 'named') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name, labels: { 'k8s-app': 'kube-dns' } },
  spec: {
    clusterIP: '10.96.0.10',
    ...(selector ? { selector } : {}),
    ports: [
      { name: 'dns', port: 53, protocol: 'UDP', targetPort: target === 'named' ? 'dns' : target },
      { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: target === 'named' ? 'dns-tcp' : target },
    ],
  },
})

const slice = (name: string, address: string, port: number) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { namespace: 'kube-system', name: `${name}-x`, labels: { 'kubernetes.io/service-name': name } },
  addressType: 'IPv4',
  endpoints: [{ addresses: [address], conditions: { ready: true } }],
  ports: [
    { name: 'dns', port, protocol: 'UDP' },
    { name: 'dns-tcp', port, protocol: 'TCP' },
  ],
})

const deployment = (hostNetwork: boolean) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'kube-system', name: 'dns' },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { hostNetwork, containers: [] } },
  },
})

const inPods = (port: number, target: number | 'named'): Dns => ({
  objects: [service('kube-system', 'kube-dns', labels, target), deployment(false)],
  configuration: {},
  pods: [podAt('kube-system', labels, port)],
  answers: [{ pods: { namespace: 'kube-system', labels }, ports: on(port) }],
})

export type DnsVariant = () => Dns

const onItsPort: DnsVariant = () => inPods(53, 53)
const onAnotherPort: DnsVariant = () => inPods(5353, 5353)
const onNamedPort: DnsVariant = () => inPods(5353, 'named')

const onHostNetwork: DnsVariant = () => ({
  objects: [service('kube-system', 'kube-dns', labels, 53), deployment(true), slice('kube-dns', '172.18.0.9', 53)],
  configuration: {},
  pods: [podAt('kube-system', labels, 53, true)],
  answers: [{ ip: '172.18.0.9', ports: on(53) }],
})

const withoutSelector: DnsVariant = () => ({
  objects: [service('kube-system', 'kube-dns', undefined, 53), slice('kube-dns', '192.0.2.53', 1053)],
  configuration: {},
  pods: [],
  answers: [{ ip: '192.0.2.53', ports: on(1053) }],
})

const unknown: DnsVariant = () => ({
  objects: [],
  configuration: {},
  pods: [podAt('kube-system', labels, 53)],
  answers: [{ pods: { namespace: 'kube-system', labels }, ports: on(53) }],
})

const configured: DnsVariant = () => ({
  objects: [service('resolvers', 'resolver', { app: 'resolver' }, 1053)],
  configuration: { services: [{ namespace: 'resolvers', name: 'resolver' }] },
  pods: [podAt('resolvers', { app: 'resolver' }, 1053)],
  answers: [{ pods: { namespace: 'resolvers', labels: { app: 'resolver' } }, ports: on(1053) }],
})

/** Silent: peers given for DNS without ports mean port 53; whether the DNS that is found joins them is left free. */
const nodeLocal: DnsVariant = () => {
  const found = inPods(53, 53)
  return {
    ...found,
    configuration: { peers: ['169.254.20.10/32'] },
    answers: [...found.answers.map(answer => ({ ...answer, isFree: true })), { ip: '169.254.20.10', ports: on(53) }],
  }
}

export const dnsVariants: readonly [DnsVariant, ...DnsVariant[]] = [
  onItsPort,
  onAnotherPort,
  onNamedPort,
  onHostNetwork,
  withoutSelector,
  unknown,
  configured,
  nodeLocal,
]
