import { type Problem, problemAt } from '../api/problem.ts'
import { sourceAt, writeRef } from '../api/source.ts'
import { refOf } from '../intent/snapshot.ts'
import type { Survey } from './survey/index.ts'
import { isOurs } from './survey/policies.ts'

/** Somebody else's policy has the name of one that Tierwall writes. */
export function nameConflict({ decision, policies }: Survey): Problem[] {
  const wanted = new Map(
    [...policies.enforced.values()]
      .flatMap(namespace => namespace.policies)
      .map(desired => [`${desired.policy.metadata.namespace}/${desired.policy.metadata.name}`, desired]),
  )
  return decision.snapshot.networkPolicies.flatMap(policy => {
    const desired = wanted.get(`${policy.metadata.namespace}/${policy.metadata.name}`)
    if (!desired || isOurs(policy)) return []
    const whom = desired.member ? writeRef(desired.member.ref) : `namespace ${policy.metadata.namespace}`
    return problemAt(
      sourceAt(refOf(policy), ['metadata', 'name']),
      'name-conflict',
      `Tierwall would write a policy of this name for ${whom}, and leaves this one as it is`,
      'delete or rename it; or let the operator take it over with --adopt, where its spec is what Tierwall writes',
    )
  })
}
