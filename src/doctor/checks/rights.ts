/** May you, and may the operator, do what Tierwall does? */
import type { Right, Verb } from '../../live/resources.ts'
import { configurationOf } from '../configured.ts'
import type { AskedRight, Facts } from '../facts.ts'
import { type Check, couldNotLook, doubt, failure, fine } from '../finding.ts'

export const ownRights: Check = {
  name: 'your rights',
  judge: ({ ownRights: look }) => {
    if ('unseen' in look) return [couldNotLook(look.unseen)]
    const missing = look.seen.filter(({ allowed }) => !allowed)
    if (missing.length === 0) return [fine('you may do what the operator does')]
    const fix = 'ask for those rights where you need them'
    const why = 'you cannot run Tierwall as yourself; what the operator does stays the same'
    return [doubt(`you may not ${writeRights(missing)}`, why, fix)]
  },
}

export const operatorRights: Check = {
  name: "the operator's rights",
  judge: facts => {
    const { operatorRights: look, configured } = facts
    if ('unseen' in look) return [couldNotLook(look.unseen)]
    const { operatorNamespace } = configurationOf(configured)
    const missing = look.seen.filter(({ allowed }) => !allowed)
    if (missing.length === 0) return [fine(`its ServiceAccount in ${operatorNamespace} has all of them`)]
    if (missing.length === look.seen.length)
      return [
        doubt(
          `it has none in ${operatorNamespace}`,
          'it is not installed there',
          'kubectl apply -k config/default, or say with --config where it is (operatorNamespace)',
        ),
      ]
    return [failure(`it may not ${writeRights(missing)}`, 'it cannot do its work', fixOperator(facts))]
  },
}

function fixOperator({ namespace }: Facts): string {
  const fix = 'kubectl apply -k config/default gives it its rights'
  return namespace === undefined ? `${fix}; where it runs with --namespaces, ask again with -n NAMESPACE` : fix
}

/** `list, watch deployments.apps, namespaces; create leases.coordination.k8s.io in tierwall-system` */
function writeRights(asked: readonly AskedRight[]): string {
  const verbs = new Map<string, Verb[]>()
  for (const { right, verb, namespace } of asked) {
    const object = `${writeResource(right)}${right.where === 'everywhere' ? '' : ` in ${namespace}`}`
    verbs.set(object, [...new Set([...(verbs.get(object) ?? []), verb])])
  }
  const byVerbs = Map.groupBy(verbs.keys(), object => (verbs.get(object) ?? []).join(', '))
  return [...byVerbs].map(([verbs, objects]) => `${verbs} ${objects.join(', ')}`).join('; ')
}

function writeResource({ group, resource }: Right): string {
  return group === '' ? resource : `${resource}.${group}`
}
