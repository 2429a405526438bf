/** The policy that refuses malformed annotations on workloads, with the reader's sentences. */
import { workloadAnnotations } from '../annotations.ts'
import {
  checkBesides,
  checkMisplaced,
  checkUnknown,
  compareAnnotations,
  isLikeOurs,
  isOneOf,
  own,
  saysNew,
  template,
} from './keys.ts'
import { checkApp, checkTier } from './names.ts'
import { checkFrom, checkTo } from './peers.ts'
import { type BoundPolicy, bindPolicy, letPass } from './policy.ts'
import { checkPorts } from './ports.ts'

export function makeWorkloadPolicy(): BoundPolicy {
  const checks = [
    checkUnknown(workloadAnnotations),
    checkMisplaced(),
    checkBesides(),
    checkTier(),
    checkApp(),
    checkPorts(),
    checkFrom(),
    checkTo(),
  ]
  return bindPolicy(
    'tierwall-annotations',
    {
      failurePolicy: 'Ignore',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['apps'],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['deployments', 'statefulsets', 'daemonsets'],
          },
        ],
      },
      matchConditions: [
        {
          name: 'says-something-new',
          expression: `${saysNew(isLikeOurs, own)}\n|| ${saysNew(isOneOf(workloadAnnotations), template)}`,
        },
      ],
      variables: [...compareAnnotations(workloadAnnotations), ...checks.flatMap(({ variables }) => variables)],
      validations: checks.map(({ validation }) => validation),
    },
    {
      policy:
        'Refuses annotations with mistakes, with the code and the sentence of `tierwall lint`, where a request adds or changes\nthem. A mistake that is there already stops nobody. Needs Kubernetes 1.31.',
      failurePolicy: letPass,
    },
  )
}
