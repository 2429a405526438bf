import { type Problem, problemAt } from '../api/problem.ts'
import { sourceAt, writeRef } from '../api/source.ts'
import { writeTier } from '../intent/tier.ts'
import type { Survey } from './survey/index.ts'

/** A tier's pods that no policy applies to. */
export function hostNetwork({ pods }: Survey): Problem[] {
  return pods.flatMap(({ ref, hostNetwork, members: [member], specPath }) =>
    hostNetwork && member
      ? problemAt(
          sourceAt(ref, [...specPath, 'hostNetwork']),
          'host-network',
          `the pods of ${writeRef(ref)} in tier ${writeTier(member.key)} have their node's address: no policy protects them, and peers that name the tier do not mean them`,
          'write hostNetwork: false, or take the tier away and guard the port on the node',
        )
      : [],
  )
}
