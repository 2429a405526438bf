/**
 * A workload whose spec is as it was, and that is not being deleted → whether its metadata says what it said before. Most of what a watch tells of
 * workloads is their status, so this is asked far more often than one of them is read; in doubt the answer is no.
 */
import { mayMeanUs, partOfLabel } from '../api/annotations.ts'
import type { Metadata } from '../api/kubernetes.ts'
import { isRecord } from '../api/record.ts'

export function saysTheSame(json: unknown, before: Metadata): boolean {
  const metadata = isRecord(json) ? json.metadata : undefined
  if (!isRecord(metadata)) return false
  if (isAbsent(metadata.deletionTimestamp) && isAbsent(metadata.ownerReferences) && before.ownerReferences.length === 0)
    return sameWords(fieldsOf(metadata.labels), fieldsOf(metadata.annotations), before)
  return false
}

function sameWords(labels: Fields, annotations: Fields, before: Metadata): boolean {
  const ours = Object.keys(annotations).filter(mayMeanUs)
  return (
    own(labels, partOfLabel) === own(before.labels, partOfLabel) &&
    ours.length === Object.keys(before.annotations).length &&
    ours.every(key => annotations[key] === own(before.annotations, key))
  )
}

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields => (isRecord(value) ? value : {})

const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined)

const isAbsent = (value: unknown) => value === undefined || value === null
