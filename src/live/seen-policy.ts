/** A NetworkPolicy of the cluster → what is needed to compare it, to write over it, and to know whose it is. */
import { z } from 'zod'
import { textMap } from '../api/absent.ts'
import { type NetworkPolicy, readerOf } from '../api/kubernetes.ts'
import { isRecord } from '../api/record.ts'
import type { SpecLike } from '../plan/index.ts'

/** Who managedFields says wrote our policies. */
export const fieldManager = 'tierwall'

export interface SeenPolicy {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  /** Ours to write and to take away: see `isOurs`. */
  readonly ours: boolean
  /** It is being deleted, and some finalizer keeps it. */
  readonly terminating: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Of others, to be kept by whoever writes it. */
  readonly finalizers: readonly string[]
  readonly ownerReferences: readonly unknown[]
  readonly spec: SpecLike
}

/** One that was read from the start, field by field. */
export interface ReadPolicy extends SeenPolicy {
  readonly spec: NetworkPolicy['spec']
}

const head = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: textMap,
    annotations: textMap,
    finalizers: z.array(z.string()).default([]),
    ownerReferences: z.array(z.unknown()).default([]),
    managedFields: z.unknown(),
  }),
})

/** What isolates everything and grants nothing: how a policy counts that cannot be read. */
const unreadable: NetworkPolicy['spec'] = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }

export function readSeenPolicy(json: unknown): ReadPolicy | undefined {
  const read = head.safeParse(json)
  if (!read.success) return undefined
  const { managedFields, deletionTimestamp, ...metadata } = read.data.metadata
  const whole = readerOf('networking.k8s.io/v1', 'NetworkPolicy')?.(json)
  const spec = whole?.success && whole.data.is === 'networkPolicy' ? whole.data.object.spec : undefined
  return {
    ...metadata,
    terminating: deletionTimestamp !== undefined,
    ours: isOurs(metadata.name, managedFields),
    spec: spec ?? unreadable,
  }
}

/**
 * A label can be copied and taken away; who wrote the spec cannot. The name, since a copy that somebody made with all of
 * its managedFields has another one, unless it takes ours.
 */
export function isOurs(name: string, managedFields: unknown): boolean {
  return name.startsWith('tierwall-') && Array.isArray(managedFields) && managedFields.some(isOurSpec)
}

function isOurSpec(entry: unknown): boolean {
  if (!isRecord(entry) || entry.manager !== fieldManager || !isRecord(entry.fieldsV1)) return false
  const { subresource } = entry
  return (subresource === undefined || subresource === '') && Object.hasOwn(entry.fieldsV1, 'f:spec')
}
