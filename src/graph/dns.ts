/** Where the cluster's DNS answers: from the DNS Services, their endpoints, or the configuration. */

import { namespaceNameLabel } from '../api/annotations.ts'
import type { Block } from '../api/cidr.ts'
import { readAddress } from '../api/cidr.ts'
import type { Protocol, Service } from '../api/kubernetes.ts'
import { writePeer } from '../api/peers.ts'
import type { NonEmpty, Port } from '../api/ports.ts'
import { sortPorts } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { type Source, sourceAt, writeRef } from '../api/source.ts'
import { refOf, type Snapshot } from '../intent/snapshot.ts'
import { serviceNameLabel } from './apiserver.ts'
import type { Outside } from './edge.ts'
import { isTierPeer, type Places, resolveOutside } from './outside.ts'

export interface DnsOpening {
  readonly peer: Outside
  readonly ports: NonEmpty<Port>
  readonly because: Source
}

export interface Dns {
  readonly openings: NonEmpty<DnsOpening>
  readonly problems: readonly Problem[]
}

const wellKnown: readonly string[] = [
  'kube-system/kube-dns',
  'kube-system/coredns',
  'kube-system/node-local-dns',
  'kube-system/rke2-coredns-rke2-coredns',
  'openshift-dns/dns-default',
]

const dnsProtocols: readonly Protocol[] = ['UDP', 'TCP']
const port53: NonEmpty<Port> = [dnsPort(53, 'TCP'), dnsPort(53, 'UDP')]

function dnsPort(number: number, protocol: Protocol): Port {
  return { by: 'number', first: number, last: number, protocol }
}

/** What nearly every cluster has: pods labelled kube-dns in kube-system. */
const byDefault: DnsOpening = {
  peer: podsIn('kube-system', { 'k8s-app': 'kube-dns' }),
  ports: port53,
  because: { said: 'configuration', path: ['dns'] },
}

function podsIn(namespace: string, labels: Readonly<Record<string, string>>): Outside {
  return {
    is: 'pods',
    namespaceSelector: { matchLabels: { [namespaceNameLabel]: namespace } },
    podSelector: { matchLabels: labels },
  }
}

export function locateDns(snapshot: Snapshot, places: Places): Dns {
  const problems: Problem[] = []
  const configured = configuredPeers(snapshot, places)
  const services = dnsServices(snapshot)
  problems.push(...absentServices(snapshot))
  const [first = byDefault, ...more] = services.flatMap(service => openingsOf(service, snapshot, problems))
  return { openings: [first, ...more, ...configured], problems }
}

function configuredPeers(snapshot: Snapshot, places: Places): DnsOpening[] {
  return snapshot.configuration.dns.peers.flatMap(({ peer, ports, path }) => {
    if (isTierPeer(peer)) throw new Error(`DNS cannot be ${writePeer(peer)}`)
    const resolved = resolveOutside(peer, '', places)
    return 'missing' in resolved
      ? []
      : resolved.openings.map(
          ({ peer }): DnsOpening => ({
            peer,
            ports: ports ?? port53,
            because: { said: 'configuration', path },
          }),
        )
  })
}

/** Those that the configuration names; where it names none, the well-known ones. */
function dnsServices({ services, configuration: { dns } }: Snapshot): readonly Service[] {
  const nameOf = ({ metadata }: Service) => `${metadata.namespace}/${metadata.name}`
  const named = dns.services.map(({ namespace, name }) => `${namespace}/${name}`)
  if (named.length > 0) return services.filter(service => named.includes(nameOf(service)))
  return services.filter(
    service =>
      wellKnown.includes(nameOf(service)) ||
      (service.metadata.namespace === 'kube-system' && service.metadata.labels['k8s-app'] === 'kube-dns'),
  )
}

function absentServices({ services, configuration: { dns } }: Snapshot): Problem[] {
  return dns.services.flatMap(({ namespace, name }, index) => {
    if (services.some(({ metadata }) => metadata.namespace === namespace && metadata.name === name)) return []
    const source: Source = { said: 'configuration', path: ['dns', 'services', index] }
    const fix = 'add the Service to the input, or mend its name in the configuration'
    return [problemAt(source, 'dns-unknown', `Service ${namespace}/${name} is not known here`, fix)]
  })
}

function openingsOf(service: Service, snapshot: Snapshot, problems: Problem[]): DnsOpening[] {
  const { selector } = service.spec
  const namespace = service.metadata.namespace ?? ''
  const because = sourceAt(refOf(service), ['spec'])
  if (dnsPortsOf(service).length === 0) return []
  if (selector && Object.keys(selector).length > 0 && !runsOnHost(namespace, selector, snapshot)) {
    const [first, ...more] = targetPorts(service, snapshot)
    return first ? [{ peer: podsIn(namespace, selector), ports: [first, ...more], because }] : []
  }
  const openings = endpointOpenings(service, snapshot)
  if (openings.length === 0)
    problems.push(
      problemAt(
        sourceAt(refOf(service), ['spec', 'selector']),
        'dns-unknown',
        `${writeRef(refOf(service))} has no pods that a policy can select, and its EndpointSlices are not known here`,
        'add its EndpointSlices to the input, or give dns.peers in the configuration',
      ),
    )
  return openings
}

/** Pods on the host's network have the node's address: no selector finds them. */
function runsOnHost(namespace: string, selector: Readonly<Record<string, string>>, snapshot: Snapshot): boolean {
  const selected = (labels: Readonly<Record<string, string>>) =>
    Object.entries(selector).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value)
  return (
    snapshot.workloads.some(
      ({ metadata, template }) =>
        metadata.namespace === namespace && template.spec.hostNetwork && selected(template.metadata.labels),
    ) ||
    snapshot.pods.some(
      ({ metadata, spec }) => metadata.namespace === namespace && spec.hostNetwork && selected(metadata.labels),
    )
  )
}

const slicesOf = ({ metadata }: Service, { endpointSlices }: Snapshot) =>
  endpointSlices.filter(
    slice =>
      slice.metadata.namespace === metadata.namespace && slice.metadata.labels[serviceNameLabel] === metadata.name,
  )

/** A port's name is looked up in the EndpointSlices, where the pods' own numbers stand. */
function targetPorts(service: Service, snapshot: Snapshot): readonly Port[] {
  const slices = slicesOf(service, snapshot)
  const ports = dnsPortsOf(service).flatMap(({ name, port, targetPort = port, protocol }): Port[] => {
    if (typeof targetPort === 'number') return [dnsPort(targetPort, protocol)]
    const numbers = slices.flatMap(slice =>
      slice.ports.flatMap(({ name: slicePort, port, protocol: of }) =>
        (slicePort ?? '') === (name ?? '') && of === protocol && port ? [dnsPort(port, protocol)] : [],
      ),
    )
    return numbers.length > 0 ? numbers : [{ by: 'name', name: targetPort, protocol }]
  })
  return sortPorts(ports)
}

function dnsPortsOf({ spec }: Service): Service['spec']['ports'] {
  return spec.ports.filter(({ port, protocol }) => port === 53 && dnsProtocols.includes(protocol))
}

function endpointOpenings(service: Service, snapshot: Snapshot): DnsOpening[] {
  const because = sourceAt(refOf(service), ['spec'])
  return slicesOf(service, snapshot).flatMap((slice): DnsOpening[] => {
    const [block, ...blocks] = slice.endpoints
      .flatMap(({ addresses }) => addresses)
      .flatMap((text): Block[] => {
        const address = readAddress(text)
        return address ? [{ cidr: `${address.text}/${address.family === 4 ? 32 : 128}`, except: [] }] : []
      })
    const wanted = dnsPortsOf(service).map(({ name, protocol }) => `${name ?? ''}/${protocol}`)
    const [port, ...ports] = sortPorts(
      slice.ports.flatMap(({ name, port, protocol }) =>
        port && (wanted.includes(`${name ?? ''}/${protocol}`) || port === 53) ? [dnsPort(port, protocol)] : [],
      ),
    )
    return block && port
      ? [{ peer: { is: 'addresses', blocks: [block, ...blocks] }, ports: [port, ...ports], because }]
      : []
  })
}
