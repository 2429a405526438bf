/** A workload's annotations → its tier, app, ports and peers, with a problem for each that cannot be read. */
import { annotation, group, mayMeanUs, partOfLabel, workloadAnnotations } from '../api/annotations.ts'
import type { Metadata, Workload } from '../api/kubernetes.ts'
import { nearest, readAppName, readPeerList, readTierName } from '../api/peers.ts'
import { type Port, readPortList } from '../api/ports.ts'
import { type Fault, type Problem, problemAt } from '../api/problem.ts'
import { rememberByObject } from '../api/remember.ts'
import type { Said } from '../api/said.ts'
import { type ObjectRef, type Source, sourceAt } from '../api/source.ts'
import { refOf } from './snapshot.ts'
import type { Field, PeerEntry, TierKey } from './tier.ts'

/** A workload with a tier of its own; fields that its annotations don't give are absent. */
export interface AnnotatedWorkload {
  readonly workload: Workload
  readonly ref: ObjectRef
  readonly key: TierKey
  readonly because: Source
  readonly ports?: Field<readonly Port[]>
  readonly from?: Field<readonly PeerEntry[]>
  readonly to?: Field<readonly PeerEntry[]>
  readonly said: Said
  readonly sound: boolean
}

export interface AnnotationReading {
  readonly tier?: AnnotatedWorkload
  /** Annotations that only mean something beside a tier, in the order of the table. */
  readonly besides: readonly string[]
  readonly problems: readonly Problem[]
}

/** Workloads are never changed, and are read again whenever one of their neighbours is new. */
export const readAnnotations = rememberByObject(readAnew)

function readAnew(workload: Workload): AnnotationReading {
  const { metadata } = workload
  const ref = refOf(workload)
  const problems: Problem[] = unknownAnnotations(metadata, ref, workloadAnnotations)
  const besides = [annotation.ports, annotation.from, annotation.to].filter(key => has(metadata, key))
  if (!has(metadata, annotation.tier)) return { besides, problems }
  const at = (key: string, fault: Fault) => problems.push(annotationProblem(ref, key, fault))
  const tier = readTierName(textOf(metadata, annotation.tier))
  const app = readApp(metadata)
  if ('fault' in tier) at(annotation.tier, tier.fault)
  if ('fault' in app)
    problems.push(problemAt(sourceAt(ref, app.path), app.fault.code, app.fault.message, app.fault.fix))
  if ('fault' in tier || 'fault' in app) return { besides, problems }
  const fields = {
    ...(has(metadata, annotation.ports) ? { ports: readPortsField(metadata, ref, problems) } : {}),
    ...(has(metadata, annotation.from) ? { from: readPeersField(metadata, ref, annotation.from, problems) } : {}),
    ...(has(metadata, annotation.to) ? { to: readPeersField(metadata, ref, annotation.to, problems) } : {}),
  }
  const namespace = metadata.namespace ?? ''
  return {
    tier: {
      workload,
      ref,
      key: { namespace, app: app.value, tier: tier.value },
      because: sourceAt(ref, annotationPath(annotation.tier)),
      ...fields,
      said: saidBy(workload),
      sound: problems.length === 0,
    },
    besides,
    problems,
  }
}

export function annotationPath(key: string): readonly string[] {
  return ['metadata', 'annotations', key]
}

function has(metadata: Metadata, key: string): boolean {
  return Object.hasOwn(metadata.annotations, key)
}

function textOf(metadata: Metadata, key: string): string {
  return (has(metadata, key) ? metadata.annotations[key] : undefined) ?? ''
}

function annotationProblem(ref: ObjectRef, key: string, { code, message, fix, span }: Fault): Problem {
  return problemAt(sourceAt(ref, annotationPath(key), span), code, message, fix)
}

/** The annotation, else the label that says which application this is a part of, else the unnamed app. */
function readApp(
  metadata: Metadata,
): { readonly value: string } | { readonly fault: Fault; readonly path: readonly string[] } {
  if (has(metadata, annotation.app)) {
    const read = readAppName(textOf(metadata, annotation.app))
    return 'value' in read ? read : { fault: read.fault, path: annotationPath(annotation.app) }
  }
  return { value: partOf(metadata) }
}

function saidBy({ kind, metadata }: Workload): Said {
  const annotations = Object.fromEntries(
    workloadAnnotations.filter(key => has(metadata, key)).map(key => [key, textOf(metadata, key)]),
  )
  return { kind, name: metadata.name, partOf: partOf(metadata) || undefined, annotations }
}

export function partOf(metadata: Metadata): string {
  return (Object.hasOwn(metadata.labels, partOfLabel) ? metadata.labels[partOfLabel] : undefined) ?? ''
}

function readPortsField(metadata: Metadata, ref: ObjectRef, problems: Problem[]): Field<readonly Port[]> {
  const { ports, faults } = readPortList(textOf(metadata, annotation.ports))
  problems.push(...faults.map(fault => annotationProblem(ref, annotation.ports, fault)))
  if (faults.length > 0) return { is: 'broken' }
  return { is: 'said', value: ports, because: sourceAt(ref, annotationPath(annotation.ports)) }
}

function readPeersField(
  metadata: Metadata,
  ref: ObjectRef,
  key: string,
  problems: Problem[],
): Field<readonly PeerEntry[]> {
  const { peers, faults } = readPeerList(textOf(metadata, key))
  problems.push(...faults.map(fault => annotationProblem(ref, key, fault)))
  if (faults.length > 0) return { is: 'broken' }
  const path = annotationPath(key)
  const value = peers.map(({ peer, ports, span }): PeerEntry => {
    const because = sourceAt(ref, path, span)
    return { peer, ...(ports ? { ports } : {}), because, origin: 'written' }
  })
  return { is: 'said', value, because: sourceAt(ref, path) }
}

/** Keys under our prefix that mean nothing here, and keys that are one slip away from one of ours. */
export function unknownAnnotations(metadata: Metadata, ref: ObjectRef, known: readonly string[]): Problem[] {
  const problems: Problem[] = []
  for (const key of Object.keys(metadata.annotations).sort()) {
    if (known.includes(key) || !mayMeanUs(key)) continue
    const word = key
      .slice(key.indexOf('/') + 1)
      .toLowerCase()
      .replaceAll('_', '-')
    const meant =
      known.find(candidate => candidate === `${group}/${word}`) ??
      nearest(`${group}/${word}`, known) ??
      nearest(key, known)
    if (!meant && !key.startsWith(`${group}/`)) continue
    problems.push(
      problemAt(
        sourceAt(ref, annotationPath(key)),
        'annotation-unknown',
        `${key} is no annotation that Tierwall reads on a ${ref.kind}`,
        meant ? `write ${meant}` : `write one of ${known.join(', ')}, or take it away`,
      ),
    )
  }
  return problems
}
