/** The policy that leaves Tierwall's NetworkPolicies to Tierwall. */
import { written } from '../annotations.ts'
import { defaultConfiguration } from '../configuration.ts'
import { list, text } from './cel.ts'
import { type BoundPolicy, bindPolicy } from './policy.ts'
import { sayLine } from './sentences.ts'

const name = 'tierwall-reserved'
const operator = `system:serviceaccount:${defaultConfiguration.operatorNamespace}:tierwall-operator`
const masters = 'system:masters'

/** A namespace that goes takes its policies along. Where controllers share one identity, it is the last one. */
const collectors = [
  'system:serviceaccount:kube-system:namespace-controller',
  'system:serviceaccount:kube-system:generic-garbage-collector',
  'system:kube-controller-manager',
]

const isOurs = (object: string) =>
  `${object}.metadata.?name.orValue('').startsWith('tierwall-') && ${object}.metadata.?labels[?${text(written.managedByLabel)}].orValue('') == ${text(written.manager)}`

/** A migration to another storage version writes everything as it was. Whose a policy is stands in its managedFields. */
const isAsBefore = ['labels', 'annotations', 'finalizers', 'ownerReferences', 'managedFields']
  .map(field => `object.metadata.?${field} == oldObject.metadata.?${field}`)
  .concat('object.?spec == oldObject.?spec')
  .join(' && ')

const fix = `change the annotations or the AppTier that it is made from, or, to take this reservation away: kubectl delete validatingadmissionpolicybinding ${name}`
const line = `%NAME is written by Tierwall: only ${operator} and members of ${masters} may create, change or delete it; ${fix}`

export function makeReservedPolicy(): BoundPolicy {
  return bindPolicy(
    name,
    {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['networking.k8s.io'],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE', 'DELETE'],
            resources: ['networkpolicies'],
          },
        ],
      },
      matchConditions: [
        {
          name: 'is-ours',
          expression: `(oldObject != null && ${isOurs('oldObject')}) || (object != null && ${isOurs('object')})`,
        },
        { name: 'is-changed', expression: `object == null || oldObject == null || !(${isAsBefore})` },
      ],
      variables: [],
      validations: [
        {
          expression: `request.userInfo.username in ${list([operator, ...collectors])} || ${text(masters)} in request.userInfo.?groups.orValue([])`,
          messageExpression: sayLine(line, { '%NAME': 'request.name' }),
          message: line.replace('%NAME', 'this policy'),
          reason: 'Forbidden',
        },
      ],
    },
    {
      policy:
        'Keeps everybody but the operator from creating, changing and deleting the policies that it writes. Where its\nServiceAccount has another name or namespace than usual, write that into the expression and both messages.',
      failurePolicy:
        'Fail: what cannot be evaluated is refused, for those who may as well. Nothing here needs the network, and nothing but\npolicies of Tierwall comes this far.',
    },
  )
}
