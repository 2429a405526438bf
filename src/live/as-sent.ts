/**
 * What was sent, and what the server keeps of it → the policy as it was sent, where nobody changed or added anything. Most
 * answers are so; all others, and whatever is in doubt, are read from the start.
 */
import { isRecord } from '../api/record.ts'
import { sameOnWire } from '../plan/index.ts'
import type { WirePolicy } from '../policy/wire.ts'
import { isOurs, type SeenPolicy } from './seen-policy.ts'

export function readAsSent(json: unknown, { metadata: sent, spec }: WirePolicy): SeenPolicy | undefined {
  if (!isRecord(json) || !isRecord(json.metadata)) return undefined
  const { name, namespace, uid, resourceVersion, managedFields, ...more } = json.metadata
  if (name !== sent.name || namespace !== sent.namespace) return undefined
  if (typeof uid !== 'string' || typeof resourceVersion !== 'string') return undefined
  const { labels, annotations, deletionTimestamp, finalizers, ownerReferences } = more
  const added = [deletionTimestamp, finalizers, ownerReferences].some(field => field !== undefined)
  if (added || !isOurs(name, managedFields)) return undefined
  const { labels: ours, annotations: says } = sent
  if (!sameOnWire(labels, ours) || !sameOnWire(annotations, says) || !sameOnWire(json.spec, spec)) return undefined
  return {
    namespace,
    name,
    uid,
    resourceVersion,
    ours: true,
    terminating: false,
    labels: ours,
    annotations: says,
    finalizers: [],
    ownerReferences: [],
    spec,
  }
}
