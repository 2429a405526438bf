/** Recorded objects, read as far as they say what users ask for. */
import { z } from 'zod'
import type { KubernetesObject, NetworkPolicy } from '../../../src/api/kubernetes.ts'
import { readJson } from '../../decide.ts'
import type { RecordedObject } from './recording.ts'

export interface InputObject {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly entry: KubernetesObject
  /** Equal for objects that ask for the same. */
  readonly text: string
}

export function readInput({ kind, namespace, name, uid, json }: RecordedObject): InputObject {
  const entry = readJson(json)
  const text = `${uid} ${JSON.stringify(entry, (key, value) => (isControllersWord(key) ? undefined : value))}`
  return { kind, namespace, name, uid, entry, text }
}

/** What controllers note on workloads is nobody's wish. */
const isControllersWord = (key: string) => /^(deployment|deprecated\.daemonset|apps)\..*\//.test(key)

const ending = z.object({ metadata: z.object({ deletionTimestamp: z.string().optional() }) })

export function isTerminating(json: unknown): boolean {
  return ending.parse(json).metadata.deletionTimestamp !== undefined
}

export function readPolicy(json: unknown): NetworkPolicy {
  const read = readJson(json)
  if (read.is !== 'networkPolicy') throw new Error('this is no NetworkPolicy')
  return read.object
}
