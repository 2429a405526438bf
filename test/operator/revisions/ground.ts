/** Edits of what every tier stands on: DNS and the endpoints of the API server. */
import type { Edit } from './edits.ts'

interface DnsText {
  readonly selector?: Readonly<Record<string, string>>
  readonly port?: number
  readonly namespace?: string
  readonly name?: string
}

/** Without a selector it is whatever addresses its EndpointSlices name. */
export function dnsService({ selector, port = 53, namespace = 'kube-system', name = 'kube-dns' }: DnsText): Edit {
  const ports = ['UDP', 'TCP'].map(protocol => ({ name: protocol.toLowerCase(), port: 53, targetPort: port, protocol }))
  const metadata = { name, namespace, labels: { 'k8s-app': 'kube-dns' } }
  return { is: 'put', object: { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector, ports } } }
}

export function slice(namespace: string, service: string, addresses: readonly string[], port = 53): Edit {
  const names = port === 6443 ? ['https'] : ['udp', 'tcp']
  const protocolOf = (name: string) => (name === 'udp' ? 'UDP' : 'TCP')
  const object = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${service}-more`, namespace, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    endpoints: [{ addresses }],
    ports: names.map(name => ({ name, port, protocol: protocolOf(name) })),
  }
  return { is: 'put', object }
}

function takeAway(kind: string, namespace: string, name: string): Edit {
  return { is: 'take away', at: { kind, namespace, name } }
}

export const kubeDns = { 'k8s-app': 'kube-dns' }
export const noDns = takeAway('Service', 'kube-system', 'kube-dns')
export const noSlice = takeAway('EndpointSlice', 'kube-system', 'kube-dns-more')
export const noEndpoints = takeAway('EndpointSlice', 'default', 'kubernetes-more')

/** The ground as it is on a new control plane. */
export const restored: readonly Edit[] = [noDns, noSlice, noEndpoints]
