/** Admission policies with their bindings and why they are as they are. */
import type { BoundPolicy } from '../api/admission/index.ts'
import type { Manifest } from './manifest.ts'

export function listAdmission(policies: readonly BoundPolicy[]): readonly Manifest[] {
  return policies.flatMap(({ policy, binding, because }) => [
    {
      object: { ...policy },
      comments: [
        { path: [], text: because.policy },
        { path: ['spec'], text: because.failurePolicy },
      ],
    },
    { object: { ...binding } },
  ])
}
