/** What an API server can check by itself, as objects to apply: made of the grammar that the readers go by. */
import { makeNamespacePolicy } from './namespaces.ts'
import type { BoundPolicy } from './policy.ts'
import { makeReservedPolicy } from './reserved.ts'
import { makeWorkloadPolicy } from './workloads.ts'

export type { BoundPolicy } from './policy.ts'

/** Malformed annotations are refused where somebody writes them. */
export function makeAnnotationPolicies(): readonly BoundPolicy[] {
  return [makeWorkloadPolicy(), makeNamespacePolicy()]
}

/** Optional: nobody but Tierwall changes what it wrote. */
export function makeReservedPolicies(): readonly BoundPolicy[] {
  return [makeReservedPolicy()]
}
