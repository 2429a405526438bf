/** What of Tierwall stays in a cluster when its policies are gone, each with the command that removes it. */
import { isStatus, pathOf, type Resource, type Send } from '../../../cluster/index.ts'
import { operatorName } from '../../../install/names.ts'
import { definitions, resources } from '../../../live/resources.ts'

interface Leftover {
  readonly what: string
  readonly remove: string
  readonly resource: Resource
  readonly name?: string
  /** Where it has no name of its own. */
  readonly labelSelector?: string
}

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const
const admission = { group: 'admissionregistration.k8s.io', version: 'v1' } as const
const labelled = 'app.kubernetes.io/name=tierwall'

function leftoversOf(operatorNamespace: string): readonly Leftover[] {
  return [
    {
      what: 'the definition of AppTier, and with it all AppTiers',
      remove: 'kubectl delete crd apptiers.tierwall.dev',
      resource: definitions,
      name: 'apptiers.tierwall.dev',
    },
    {
      what: `namespace ${operatorNamespace}, with the operator, its configuration and its Lease`,
      remove: `kubectl delete namespace ${operatorNamespace}`,
      resource: resources.namespaces,
      name: operatorNamespace,
    },
    {
      what: "the operator's rights",
      remove: `kubectl delete clusterrole,clusterrolebinding ${operatorName}; kubectl delete role,rolebinding -A -l ${labelled}`,
      resource: { ...rbac, plural: 'clusterroles' },
      name: operatorName,
    },
    {
      what: 'admission policies',
      remove: `kubectl delete validatingadmissionpolicy,validatingadmissionpolicybinding -l ${labelled}`,
      resource: { ...admission, plural: 'validatingadmissionpolicies' },
      labelSelector: labelled,
    },
  ]
}

export async function describeLeftovers(send: Send, operatorNamespace: string): Promise<readonly string[]> {
  const looks = await Promise.all(
    leftoversOf(operatorNamespace).map(async leftover => ({ leftover, is: await lookFor(send, leftover) })),
  )
  const found = looks.flatMap(({ leftover: { what, remove }, is }) => {
    if (is === 'absent') return []
    return [`${what}${is === 'unseen' ? ', if they are there (you may not look)' : ''}: ${remove}`]
  })
  return [...found, 'annotations tierwall.dev/… on workloads and namespaces, which mean nothing to anybody else']
}

async function lookFor(
  send: Send,
  { resource, name, labelSelector }: Leftover,
): Promise<'there' | 'absent' | 'unseen'> {
  const reply = await send({ method: 'GET', path: pathOf(resource, { name }), query: { labelSelector } })
  if (!reply.ok) return isStatus(reply.failure, 404) ? 'absent' : 'unseen'
  return labelSelector !== undefined && isEmptyList(reply.body) ? 'absent' : 'there'
}

function isEmptyList(body: unknown): boolean {
  return (
    typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) && body.items.length === 0
  )
}
