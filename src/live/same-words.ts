/**
 * A workload whose spec is as it was, and that was not being deleted → whether its metadata says what it said before. Most of
 * what a watch tells of workloads is their status, so this is asked more often than one is read; in doubt the answer is no.
 */
import { mayMeanUs, partOfLabel } from '../api/annotations.ts'
import type { Metadata } from '../api/kubernetes.ts'
import { isAbsent, isRecord } from '../api/record.ts'

export function saysTheSame(json: unknown, before: Metadata): boolean {
  const metadata = isRecord(json) ? json.metadata : undefined
  return (
    isRecord(metadata) &&
    isAbsent(metadata.deletionTimestamp) &&
    isAbsent(metadata.ownerReferences) &&
    before.ownerReferences.length === 0 &&
    sameWords(fieldsOf(metadata.labels), fieldsOf(metadata.annotations), before)
  )
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
