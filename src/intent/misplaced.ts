/** Tierwall annotations where they do nothing: pod templates, Pods, Jobs, CronJobs and ReplicaSets. */
import { workloadAnnotations } from '../api/annotations.ts'
import type { Labels, Pod, Workload } from '../api/kubernetes.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { rememberByObject } from '../api/remember.ts'
import { type FieldPath, type ObjectRef, sourceAt } from '../api/source.ts'
import { refOf } from './snapshot.ts'

const annotatable: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet']

/** What a controller made from something else repeats its maker's annotations: only the maker is told. */
export const misplacedAnnotations: (object: Workload | Pod) => readonly Problem[] = rememberByObject(findMisplaced)

function findMisplaced(object: Workload | Pod): Problem[] {
  const ref = refOf(object)
  const made = object.metadata.ownerReferences.length > 0
  const onItself =
    annotatable.includes(object.kind) || made
      ? []
      : found(ref, ['metadata', 'annotations'], object.metadata.annotations)
  if (object.kind === 'Pod' || made || !('template' in object)) return onItself
  const path = object.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template']
  return [...onItself, ...found(ref, [...path, 'metadata', 'annotations'], object.template.metadata.annotations)]
}

export function isAnnotatable({ kind }: Workload): boolean {
  return annotatable.includes(kind)
}

function found(ref: ObjectRef, path: FieldPath, annotations: Labels): Problem[] {
  const fix = annotatable.includes(ref.kind)
    ? `move it to the ${ref.kind}'s own metadata.annotations`
    : 'name these pods by an AppTier with spec.selector'
  return workloadAnnotations
    .filter(key => Object.hasOwn(annotations, key))
    .map(key => problemAt(sourceAt(ref, [...path, key]), 'annotation-misplaced', `${key} is not read here`, fix))
}
