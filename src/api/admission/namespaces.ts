/** The policy that refuses what is no isolation mode on a Namespace. */
import { isolationAnnotation } from '../annotations.ts'
import { isolationModes } from '../configuration.ts'
import { firstFault, list, text } from './cel.ts'
import { checkUnknown, compareAnnotations, isLikeOurs, isNew, own, saysNew } from './keys.ts'
import { type BoundPolicy, bindPolicy, type Check, letPass, refuseFault } from './policy.ts'
import { cutShort, sayLine } from './sentences.ts'

const key = text(isolationAnnotation)
const labels = {
  now: 'object.metadata.?labels.orValue({})',
  before: 'oldObject == null ? {} : oldObject.metadata.?labels.orValue({})',
}

export function makeNamespacePolicy(): BoundPolicy {
  const known = [isolationAnnotation]
  const checks = [checkUnknown(known), checkIsolation()]
  return bindPolicy(
    'tierwall-isolation',
    {
      failurePolicy: 'Ignore',
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['namespaces'] },
        ],
      },
      matchConditions: [
        {
          name: 'says-something-new',
          expression: `${saysNew(isLikeOurs, own)}\n|| ${saysNew(`k == ${key}`, labels)}`,
        },
      ],
      variables: [...compareAnnotations(known), ...checks.flatMap(({ variables }) => variables)],
      validations: checks.map(({ validation }) => validation),
    },
    {
      policy: 'The same for namespaces: how they are isolated, and annotations that nobody reads.',
      failurePolicy: letPass,
    },
  )
}

/** A label of the same name counts where there is no annotation. */
function checkIsolation(): Check {
  const value = 'variables.isolation[0]'
  const found = `variables.isolation[0].trim().lowerAscii()`
  const modes = list(isolationModes)
  const line = (fix: string) => `isolation-invalid: ${isolationAnnotation}: '%FOUND' is no isolation mode; write ${fix}`
  return {
    variables: [
      { name: 'labels', expression: labels.now },
      { name: 'labelsBefore', expression: labels.before },
      {
        name: 'isolation',
        expression: `${key} in variables.said\n  ? [variables.now[${key}]]\n  : ${isNew(key, 'variables.labels', 'variables.labelsBefore')} && !(${key} in variables.now)\n  ? [variables.labels[${key}]]\n  : []`,
      },
      {
        name: 'isolationFault',
        expression: firstFault(
          [
            [`variables.isolation.all(mode, mode in ${modes})`, text('')],
            [`${found} in ${modes}`, sayLine(line('%MODE'), { '%FOUND': cutShort(value), '%MODE': found })],
          ],
          sayLine(line(`one of ${isolationModes.join(', ')}`), { '%FOUND': cutShort(value) }),
        ),
      },
    ],
    validation: refuseFault('isolationFault', `isolation-invalid: write one of ${isolationModes.join(', ')}`),
  }
}
