/** The pods of a world: those of the input, and for what has none there one pod as it would be made. */
import type { ContainerPort, LabelSelector, Labels, Pod, PodSpec, Workload } from '../../api/kubernetes.ts'
import { isEmptySelector } from '../../api/selector.ts'
import type { ObjectRef } from '../../api/source.ts'
import type { Decision } from '../../engine.ts'
import { type PodEnd, readSelector } from '../../evaluate/index.ts'
import { namespaceLabels, refOf, type Snapshot } from '../../intent/snapshot.ts'
import type { Member } from '../../intent/tier.ts'

export interface WorldPod {
  readonly end: PodEnd
  /** The Pod, or the workload or AppTier that it was made up for. */
  readonly ref: ObjectRef
  readonly isMadeUp: boolean
  /** The tiers that the pod is in. */
  readonly members: readonly Member[]
}

export type MemberFinder = (namespace: string, labels: Labels) => readonly Member[]

export function findMembers(members: readonly Member[]): MemberFinder {
  const tests = members.map(member => ({ member, selects: readSelector(member.selector) }))
  const byNamespace = Map.groupBy(tests, ({ member }) => member.key.namespace)
  return (namespace, labels) =>
    (byNamespace.get(namespace) ?? []).filter(({ selects }) => selects(labels)).map(({ member }) => member)
}

export function gatherPods({ snapshot, graph }: Decision, membersOf: MemberFinder): readonly WorldPod[] {
  const inWorld = (end: PodEnd, ref: ObjectRef, isMadeUp: boolean): WorldPod => ({
    end,
    ref,
    isMadeUp,
    members: membersOf(end.namespace, end.labels),
  })
  const found = snapshot.pods.filter(isRunning).map(pod => inWorld(endOfPod(pod, snapshot), refOf(pod), false))
  const podsIn = Map.groupBy(snapshot.pods.filter(isRunning), ({ metadata }) => metadata.namespace ?? '')
  const made = snapshot.workloads
    // What another workload made is that one's to stand for: old ReplicaSets have no pods any more.
    .filter(({ metadata }) => metadata.ownerReferences.length === 0)
    .filter(workload => !(podsIn.get(workload.metadata.namespace ?? '') ?? []).some(isPodOf(workload)))
    .map(workload => inWorld(endOfTemplate(workload, snapshot), refOf(workload), true))
  const known = new Set([...found, ...made].flatMap(({ members }) => members))
  const imagined = graph.members
    .filter(member => member.ref.kind === 'AppTier' && !known.has(member))
    .map(member => inWorld(endOfSelector(member, snapshot), member.ref, true))
  return [...found, ...made, ...imagined]
}

/** Where there is no selector, as on Jobs in files, the owner says whose pod it is. */
export function isPodOf({ kind, metadata, selector }: Workload): (pod: Pick<Pod, 'metadata'>) => boolean {
  const selects = selector && !isEmptySelector(selector) ? readSelector(selector) : undefined
  return pod =>
    pod.metadata.namespace === metadata.namespace &&
    (selects
      ? selects(pod.metadata.labels)
      : pod.metadata.ownerReferences.some(owner => owner.kind === kind && owner.name === metadata.name))
}

/** A pod that has ended has no network any more. */
export function isRunning({ status }: Pod): boolean {
  return status.phase !== 'Succeeded' && status.phase !== 'Failed'
}

export function endOfPod({ metadata, spec, status }: Pod, snapshot: Snapshot): PodEnd {
  const ips = [...status.podIPs.map(({ ip }) => ip), ...(status.podIP === undefined ? [] : [status.podIP])]
  return {
    ...endIn(metadata.namespace ?? '', metadata.name, metadata.labels, snapshot),
    ips: [...new Set(ips)],
    hostNetwork: spec.hostNetwork,
    ports: portsOf(spec),
  }
}

export function endOfTemplate({ metadata, template }: Workload, snapshot: Snapshot): PodEnd {
  return {
    ...endIn(metadata.namespace ?? '', metadata.name, template.metadata.labels, snapshot),
    hostNetwork: template.spec.hostNetwork,
    ports: portsOf(template.spec),
  }
}

function endOfSelector({ ref, selector }: Member, snapshot: Snapshot): PodEnd {
  return endIn(ref.namespace, ref.name, labelsFor(selector), snapshot)
}

function endIn(namespace: string, name: string, labels: Labels, snapshot: Snapshot): PodEnd {
  const labelsOfNamespace = namespaceLabels(snapshot, namespace)
  return {
    is: 'pod',
    namespace,
    name,
    labels,
    namespaceLabels: labelsOfNamespace,
    ips: [],
    hostNetwork: false,
    ports: [],
  }
}

/** Labels that the selector matches, no more than that takes. */
function labelsFor({ matchLabels, matchExpressions = [] }: LabelSelector): Labels {
  const some = matchExpressions
    .filter(({ operator }) => operator === 'In' || operator === 'Exists')
    .map(({ key, values }) => [key, values[0] ?? ''] as const)
  return { ...Object.fromEntries(some), ...matchLabels }
}

/** Init containers count where they keep running (sidecars). */
function portsOf({ containers, initContainers }: PodSpec): readonly ContainerPort[] {
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')
  return [...containers, ...sidecars].flatMap(({ ports }) => ports)
}
