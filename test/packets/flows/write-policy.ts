/** A policy on one line, for messages. */
import type { NetworkPolicy } from '../../../src/api/kubernetes.ts'

export function writePolicy({ metadata, spec }: NetworkPolicy): string {
  return `${metadata.namespace}/${metadata.name} ${JSON.stringify(spec)}`
}
