/** What users said on an object, apart from what the object is: words that broke give way to the last that were sound. */
import { partOfLabel } from '../../../src/api/annotations.ts'
import type { KubernetesObject, Metadata } from '../../../src/api/kubernetes.ts'
import type { InputObject } from './inputs.ts'

export interface Words {
  readonly annotations: Readonly<Record<string, string>>
  readonly partOf: string | undefined
  readonly spec: unknown
}

export function wordsOf({ entry }: InputObject): Words {
  const { annotations, labels } = entry.object.metadata
  return { annotations, partOf: labels[partOfLabel], spec: entry.is === 'appTier' ? entry.object.spec : undefined }
}

export function withWords({ entry }: InputObject, words: Words): KubernetesObject {
  switch (entry.is) {
    case 'workload':
      return { ...entry, object: { ...entry.object, metadata: saying(entry.object.metadata, words) } }
    case 'appTier':
      return { ...entry, object: { ...entry.object, metadata: saying(entry.object.metadata, words), spec: words.spec } }
    default:
      return entry
  }
}

function saying(metadata: Metadata, { annotations, partOf }: Words): Metadata {
  const { [partOfLabel]: _, ...labels } = metadata.labels
  return { ...metadata, annotations, labels: partOf === undefined ? labels : { ...labels, [partOfLabel]: partOf } }
}
