/** An object that Tierwall does not read → the problem that a person would want to hear of all the same. */
import { group, isTierwallKey } from '../api/annotations.ts'
import { readerOf } from '../api/kubernetes.ts'
import type { ProblemCode } from '../api/problem.ts'
import type { Complaint } from './issue.ts'
import type { FoundObject } from './object.ts'
import { isJsonMap } from './value.ts'

/** The one kind of the group, where it is served. */
const apiVersion = `${group}/v1alpha1`
const kind = 'AppTier'

export function complainOfPassedOver(found: FoundObject): (Complaint & { readonly code: ProblemCode }) | undefined {
  const isNamedSo = found.apiVersion === '' && found.kind.toLowerCase() === kind.toLowerCase()
  if (isTierwallKey(found.apiVersion) || isNamedSo) {
    const field = found.kind === kind ? 'apiVersion' : 'kind'
    return {
      code: 'object-invalid',
      path: [field],
      message: `there is no kind ${found.kind} in ${found.apiVersion || 'an object without apiVersion'}`,
      fix: `write apiVersion: ${apiVersion} and kind: ${kind}`,
    }
  }
  const annotation = annotationsOf(found).find(isTierwallKey)
  if (annotation === undefined) return undefined
  const workload = readerOf('apps/v1', found.kind) !== undefined
  return {
    code: 'annotation-misplaced',
    path: ['metadata', 'annotations', annotation],
    message: `${annotation} stands on a ${found.kind} of ${found.apiVersion || 'no apiVersion'}, which Tierwall does not read`,
    fix: workload ? 'write apiVersion: apps/v1' : 'write an AppTier whose selector names its pods',
  }
}

function annotationsOf({ json }: FoundObject): string[] {
  const annotations = isJsonMap(json.metadata) ? json.metadata.annotations : undefined
  return isJsonMap(annotations) ? Object.keys(annotations).sort() : []
}
