/** Manifests of a case → the world as the oracle takes it; the words are read by the grammar, and by nothing behind it. */
import { annotation, isolationAnnotation, namespaceNameLabel, partOfLabel } from '../../../src/api/annotations.ts'
import { readAppTierSpec } from '../../../src/api/apptier.ts'
import type { AppTierObject, KubernetesObject, LabelSelector, Metadata, Workload } from '../../../src/api/kubernetes.ts'
import { type Peer, readPeerList, type WrittenPeer } from '../../../src/api/peers.ts'
import { type Port, readPortList } from '../../../src/api/ports.ts'
import type * as Oracle from '../../properties/shapes.ts'
import { plainCluster } from './plain-cluster.ts'

export function worldOf(objects: readonly KubernetesObject[], pods: readonly Oracle.Pod[]): Oracle.World {
  const appTiers = objects.flatMap(({ is, object }) => (is === 'appTier' ? [appTierOf(object)] : []))
  const named = new Map(
    objects.flatMap(({ is, object }) => (is === 'namespace' ? [[object.metadata.name, object.metadata] as const] : [])),
  )
  const names = new Set([...named.keys(), ...pods.map(({ namespace }) => namespace)])
  return {
    namespaces: [...names].sort().map(name => namespaceOf(name, named.get(name))),
    workloads: objects.flatMap(({ is, object }) => (is === 'workload' ? [workloadOf(object, appTiers)] : [])),
    appTiers,
    pods,
    ...plainCluster,
  }
}

function namespaceOf(name: string, metadata: Metadata | undefined): Oracle.Namespace {
  const isolation = (['enforce', 'audit', 'off'] as const).find(
    mode => mode === metadata?.annotations[isolationAnnotation],
  )
  return { name, labels: { ...metadata?.labels, [namespaceNameLabel]: name }, isolation, written: true }
}

function appTierOf({ metadata, spec }: AppTierObject): Oracle.AppTier {
  const { app = metadata.labels[partOfLabel] ?? '', tier = metadata.name, selector, ...fields } = readAppTierSpec(spec)
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    app,
    appBy: 'spec',
    tier,
    selector: selector && selectorOf(selector),
    fields: {
      ...(fields.ports ? { ports: fields.ports.map(portOf) } : {}),
      ...(fields.from ? { from: fields.from.map(entryOf) } : {}),
      ...(fields.to ? { to: fields.to.map(entryOf) } : {}),
    },
  }
}

function workloadOf(
  { kind, metadata, selector = {}, template }: Workload,
  appTiers: readonly Oracle.AppTier[],
): Oracle.Workload {
  if (kind !== 'Deployment' && kind !== 'StatefulSet' && kind !== 'DaemonSet')
    throw new Error(`no case speaks of a ${kind} yet`)
  const { annotations, labels, namespace = '', name } = metadata
  const app = (annotations[annotation.app] ?? labels[partOfLabel] ?? '').replace(/^-$/, '')
  const tier = annotations[annotation.tier]
  const fields = {
    ...saidIn(annotations[annotation.ports], 'ports', text => readPortList(text).ports.map(portOf)),
    ...saidIn(annotations[annotation.from], 'from', text => readPeerList(text).peers.map(entryOf)),
    ...saidIn(annotations[annotation.to], 'to', text => readPeerList(text).peers.map(entryOf)),
  }
  return {
    kind,
    namespace,
    name,
    selector: selectorOf(selector),
    podLabels: template.metadata.labels,
    containerPorts: containerPortsOf(template.spec.containers.flatMap(({ ports }) => ports)),
    hostNetwork: template.spec.hostNetwork,
    tier: tier === undefined ? undefined : { app, name: tier },
    appBy: 'annotation',
    covered: appTiers.some(
      one =>
        one.namespace === namespace &&
        one.app === app &&
        one.tier === tier &&
        one.selector !== undefined &&
        implies(selector, one.selector),
    ),
    fields,
  }
}

function saidIn<F extends string, T>(text: string | undefined, field: F, read: (text: string) => T) {
  return text === undefined ? {} : { [field]: read(text) }
}

/** The cases' selectors are labels alone. */
function implies(narrow: LabelSelector, wide: Oracle.Selector): boolean {
  return Object.entries(wide.matchLabels ?? {}).every(([key, value]) => narrow.matchLabels?.[key] === value)
}

export function containerPortsOf(
  ports: readonly {
    readonly name?: string | undefined
    readonly containerPort: number
    readonly protocol: Oracle.Protocol
  }[],
): readonly Oracle.ContainerPort[] {
  return ports.map(({ name = '', containerPort, protocol }) => ({ name, containerPort, protocol }))
}

function portOf(port: Port): Oracle.Port {
  if (port.by === 'name') return { name: port.name, protocol: port.protocol }
  return { first: port.first, last: port.last, protocol: port.protocol }
}

function entryOf({ peer, ports }: WrittenPeer): Oracle.Entry {
  return { peer: peerOf(peer), ...(ports ? { ports: ports.map(portOf) } : {}) }
}

function peerOf(peer: Peer): Oracle.Peer {
  if (peer.kind === 'pods-of') return { kind: 'podsOf', namespace: peer.namespace }
  if (peer.kind !== 'pods') return peer
  const { podSelector, namespaceSelector } = peer
  return {
    kind: 'pods',
    ...(podSelector ? { podSelector: selectorOf(podSelector) } : {}),
    ...(namespaceSelector ? { namespaceSelector: selectorOf(namespaceSelector) } : {}),
  }
}

function selectorOf({ matchLabels, matchExpressions }: LabelSelector): Oracle.Selector {
  return { ...(matchLabels ? { matchLabels } : {}), ...(matchExpressions ? { matchExpressions } : {}) }
}
