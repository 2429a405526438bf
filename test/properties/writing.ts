/** A world as its people would write it: Kubernetes objects with annotations, AppTiers, and the configuration file. */

import { edgesOf, familyOf } from './addresses.ts'
import { membersOf } from './oracle.ts'
import type { Address, AppTier, End, Entry, Peer, Pod, Port, Workload, World } from './shapes.ts'

export type Json = Readonly<Record<string, unknown>>

export function writeObjects(world: World): Json[] {
  return [
    ...world.namespaces.filter(({ written }) => written).map(writeNamespace),
    ...world.workloads.map(writeWorkload),
    ...world.appTiers.map(writeAppTier),
    ...world.pods.filter(({ written }) => written).map(writePod),
    ...(world.dns.objects as Json[]),
    ...(world.apiserver?.by === 'slice' ? [writeApiserver(world.apiserver.endpoints)] : []),
  ]
}

export function writeConfiguration(world: World): Json {
  return {
    isolation: world.isolation,
    clusterRanges: world.clusterRanges,
    dns: world.dns.configuration,
    kubeApiserver: { endpoints: world.apiserver?.by === 'configuration' ? world.apiserver.endpoints : [] },
    peers: Object.fromEntries(Object.entries(world.named).map(([name, peers]) => [name, peers.map(configuredPeer)])),
    baseline: { from: world.baseline.from.flatMap(configured), to: world.baseline.to.flatMap(configured) },
  }
}

const configuredPeer = (peer: Peer): unknown => (peer.kind === 'pods' ? peerFields(peer) : writePeer(peer))
const configured = (entry: Entry): unknown[] => (entry.peer.kind === 'pods' ? [entryFields(entry)] : writeEntry(entry))

function writeNamespace({ name, labels, isolation }: World['namespaces'][number]): Json {
  const annotations = isolation ? { 'tierwall.dev/isolation': isolation } : {}
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } }
}

export function writeWorkload(workload: Workload): Json {
  const { kind, namespace, name, selector, podLabels, hostNetwork, tier, appBy, fields } = workload
  const app = tier?.app ?? ''
  // `-` says the unnamed app where the label would say another.
  const isUnnamedByWord = tier?.app === '' && appBy === 'annotation' && kind === 'StatefulSet'
  const annotations = {
    ...(tier ? { 'tierwall.dev/tier': tier.name } : {}),
    ...(app !== '' && appBy === 'annotation' ? { 'tierwall.dev/app': app } : {}),
    ...(isUnnamedByWord ? { 'tierwall.dev/app': '-' } : {}),
    ...(fields.ports ? { 'tierwall.dev/ports': writeList(fields.ports.map(writePort)) } : {}),
    ...(fields.from ? { 'tierwall.dev/allow-from': writeList(fields.from.flatMap(writeEntry)) } : {}),
    ...(fields.to ? { 'tierwall.dev/allow-to': writeList(fields.to.flatMap(writeEntry)) } : {}),
  }
  const partOf = isUnnamedByWord ? 'shop' : appBy === 'label' ? app : ''
  const labels = partOf === '' ? {} : { 'app.kubernetes.io/part-of': partOf }
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { namespace, name, labels, annotations },
    spec: {
      selector,
      template: {
        metadata: { labels: podLabels },
        spec: { hostNetwork, containers: [{ name: 'main', ports: workload.containerPorts }] },
      },
    },
  }
}

export function writeAppTier({ namespace, name, app, appBy, tier, selector, fields }: AppTier): Json {
  return {
    apiVersion: 'tierwall.dev/v1alpha1',
    kind: 'AppTier',
    metadata: { namespace, name, labels: app !== '' && appBy === 'label' ? { 'app.kubernetes.io/part-of': app } : {} },
    spec: {
      ...(app !== '' && appBy === 'spec' ? { app } : {}),
      ...(tier === name ? {} : { tier }),
      ...(selector ? { selector } : {}),
      ...(fields.ports ? { ports: fields.ports.map(portFields) } : {}),
      ...(fields.from ? { from: fields.from.map(entryFields) } : {}),
      ...(fields.to ? { to: fields.to.map(entryFields) } : {}),
    },
  }
}

function writePod({ namespace, name, labels, ips, hostNetwork, ports }: Pod): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { hostNetwork, containers: [{ name: 'main', ports }] },
    status: { podIP: ips[0], podIPs: ips.map(ip => ({ ip })), phase: 'Running' },
  }
}

function writeApiserver(endpoints: readonly { address: string; port: number }[]): Json {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: 'default', name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: endpoints.map(({ address }) => address), conditions: { ready: true } }],
    ports: [{ name: 'https', port: endpoints[0]?.port, protocol: 'TCP' }],
  }
}

const writeList = (entries: readonly string[]) => (entries.length === 0 ? 'none' : entries.join(', '))

export function writePort(port: Port): string {
  const protocol = port.protocol === 'TCP' ? '' : `/${port.protocol}`
  if ('name' in port) return port.name + protocol
  return (port.first === port.last ? `${port.first}` : `${port.first}-${port.last}`) + protocol
}

/** One port an entry: several ports are the same peer several times. */
export function writeEntry({ peer, ports }: Entry): string[] {
  if (ports === undefined) return [writePeer(peer)]
  const written = writePeer(peer)
  const needsBrackets = peer.kind === 'cidr' && (peer.except.length > 0 || peer.cidr.includes(':'))
  return ports.map(port => `${needsBrackets ? `[${written}]` : written}:${writePort(port)}`)
}

function writePeer(peer: Peer): string {
  const inApp = (app: string | undefined) => (app === undefined ? '' : `${app === '' ? '-' : app}/`)
  const inNamespace = (namespace: string | undefined) => (namespace === undefined ? '' : `.${namespace}`)
  switch (peer.kind) {
    case 'tier':
      return inApp(peer.app) + peer.tier + inNamespace(peer.namespace)
    case 'app':
      return `${inApp(peer.app)}*${inNamespace(peer.namespace)}`
    case 'podsOf':
      return `*.${peer.namespace}`
    case 'cidr':
      return [peer.cidr, ...peer.except].join('!')
    case 'named':
      return `@${peer.name}`
    case 'pods':
      throw new Error('annotations have no selectors')
    default:
      return peer.kind
  }
}

function entryFields({ peer, ports }: Entry): Json {
  return { ...peerFields(peer), ...(ports ? { ports: ports.map(portFields) } : {}) }
}

function peerFields(peer: Peer): Json {
  const named = (app: string | undefined, namespace: string | undefined) => ({
    ...(app === undefined ? {} : { app: app === '' ? '-' : app }),
    ...(namespace === undefined ? {} : { namespace }),
  })
  switch (peer.kind) {
    case 'tier':
      return { tier: peer.tier, ...named(peer.app, peer.namespace) }
    case 'app':
      return { tier: '*', ...named(peer.app, peer.namespace) }
    case 'cidr':
      return { cidr: peer.cidr, except: peer.except }
    case 'pods': {
      const { kind: _, ...selectors } = peer
      return selectors
    }
    case 'named':
      return { named: peer.name }
    case 'podsOf':
      throw new Error('an AppTier has no *.NAMESPACE')
    case 'namespace':
      return { sameNamespace: true }
    case 'kube-apiserver':
      return { kubeApiserver: true }
    default:
      return { [peer.kind]: true }
  }
}

function portFields(port: Port): Json {
  if ('name' in port) return { port: port.name, protocol: port.protocol }
  return { port: port.first, ...(port.first === port.last ? {} : { endPort: port.last }), protocol: port.protocol }
}

/** Addresses outside, at and around every edge of a range that the world speaks of. */
export function addressesOf(world: World): readonly Address[] {
  const peers = [
    ...membersOf(world)
      .flatMap(({ from, to }) => [...from, ...to])
      .map(({ peer }) => peer),
    ...Object.values(world.named).flat(),
  ]
  const spoken = peers.flatMap(peer => (peer.kind === 'cidr' ? [peer.cidr, ...peer.except] : []))
  const hasInternet = peers.some(({ kind }) => kind === 'internet')
  const ranges = [...spoken, ...(hasInternet ? ['172.16.0.0/12', '2000::/3', ...world.clusterRanges] : [])]
  const always = ['8.8.8.8', '10.9.9.9', '169.254.20.10', '2600::1', 'fe80::1', '172.18.0.2', '192.0.2.53']
  const taken = new Set(world.pods.flatMap(({ ips }) => ips))
  return [...new Set([...always, ...ranges.flatMap(edgesOf)])].filter(ip => !taken.has(ip)).map(ip => ({ ip }))
}

/** Ends that can meet: a packet has one family. */
export function canMeet(from: End, to: End): boolean {
  const familiesOf = (end: End) => ('name' in end ? end.ips : [end.ip]).map(familyOf)
  const [some, others] = [familiesOf(from), familiesOf(to)]
  return some.length === 0 || others.length === 0 || some.some(family => others.includes(family))
}
