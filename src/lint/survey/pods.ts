/** Workloads and Pods → groups of pods that are alike, each once: what a known maker stands for is not repeated. */
import type { ContainerPort, Labels, Metadata, Pod, Workload } from '../../api/kubernetes.ts'
import { type FieldPath, type ObjectRef, writeRef } from '../../api/source.ts'
import { templateOf, templateOfPod } from '../../intent/members.ts'
import { refOf, type Snapshot } from '../../intent/snapshot.ts'
import type { Template } from '../../intent/tier.ts'

export interface PodGroup {
  /** The workload that makes these pods, or the Pod itself. */
  readonly ref: ObjectRef
  readonly labels: Labels
  readonly annotations: Labels
  readonly hostNetwork: boolean
  readonly ports: readonly ContainerPort[]
  readonly ips: readonly string[]
  /** Where the object holds the pods' spec. */
  readonly specPath: FieldPath
  /** Of a Pod whose maker the input does not have. */
  readonly unknownMaker: string | undefined
}

export function gatherPods({ workloads, pods }: Snapshot): readonly PodGroup[] {
  const known = new Set(workloads.map(workload => writeRef(refOf(workload))))
  const isMade = (metadata: Metadata) => makersOf(metadata).some(maker => known.has(writeRef(maker)))
  return [
    ...workloads.filter(({ metadata }) => !isMade(metadata)).map(groupOfWorkload),
    ...pods.filter(pod => isRunning(pod) && !isMade(pod.metadata)).map(groupOfPod),
  ]
}

/** The owners, and behind a ReplicaSet or Job that the input may lack the maker that its name tells of. */
function makersOf({ namespace = '', labels, ownerReferences }: Metadata): readonly ObjectRef[] {
  return ownerReferences.flatMap(({ kind, name }) => {
    const owner = { kind, namespace, name }
    const hash = `-${labels['pod-template-hash'] ?? ''}`
    if (kind === 'ReplicaSet' && hash !== '-' && name.endsWith(hash))
      return [owner, { kind: 'Deployment', namespace, name: name.slice(0, -hash.length) }]
    if (kind === 'Job') return [owner, { kind: 'CronJob', namespace, name: name.replace(/-[0-9]+$/, '') }]
    return [owner]
  })
}

function groupOfWorkload(workload: Workload): PodGroup {
  return {
    ...factsOf(templateOf(workload)),
    annotations: workload.metadata.annotations,
    ips: [],
    specPath: [...(workload.kind === 'CronJob' ? ['spec', 'jobTemplate'] : []), 'spec', 'template', 'spec'],
    unknownMaker: undefined,
  }
}

function groupOfPod(pod: Pod): PodGroup {
  const { metadata, status } = pod
  // A Node as owner marks a static pod, which nobody else makes.
  const maker = metadata.ownerReferences.find(({ kind }) => kind !== 'Node')
  return {
    ...factsOf(templateOfPod(pod)),
    annotations: metadata.annotations,
    ips: [...new Set([...status.podIPs.map(({ ip }) => ip), ...(status.podIP ? [status.podIP] : [])])],
    specPath: ['spec'],
    unknownMaker: maker && `${maker.kind} ${maker.name}`,
  }
}

function factsOf({ workload, labels, hostNetwork, ports }: Template) {
  return { ref: workload, labels, hostNetwork, ports }
}

/** A pod that has ended has no network any more. */
function isRunning({ status }: Pod): boolean {
  return status.phase !== 'Succeeded' && status.phase !== 'Failed'
}
