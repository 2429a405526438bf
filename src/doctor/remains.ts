/** What an installation puts into a cluster beside the policies: what of it is there, and the command that removes it. */
import { isStatus, pathOf, type Resource, type Send } from '../cluster/index.ts'
import { definitions, operator, resources } from '../live/resources.ts'

export interface Remains {
  readonly part: 'definition' | 'namespace' | 'rights' | 'admission'
  readonly what: string
  readonly remove: string
  /** Nothing where one may not look. */
  readonly isThere: boolean | undefined
}

interface Part extends Omit<Remains, 'isThere'> {
  readonly resource: Resource
  readonly name?: string
  /** Where it has no name of its own. */
  readonly labelSelector?: string
}

const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' } as const
const admission = { group: 'admissionregistration.k8s.io', version: 'v1' } as const
const labelled = 'app.kubernetes.io/name=tierwall'

function partsOf(operatorNamespace: string): readonly Part[] {
  return [
    {
      part: 'definition',
      what: 'the definition of AppTier, and with it all AppTiers',
      remove: 'kubectl delete crd apptiers.tierwall.dev',
      resource: definitions,
      name: 'apptiers.tierwall.dev',
    },
    {
      part: 'namespace',
      what: `namespace ${operatorNamespace}, with the operator, its configuration and its Lease`,
      remove: `kubectl delete namespace ${operatorNamespace}`,
      resource: resources.namespaces,
      name: operatorNamespace,
    },
    {
      part: 'rights',
      what: "the operator's rights",
      remove: `kubectl delete clusterrole,clusterrolebinding ${operator.account}; kubectl delete role,rolebinding -A -l ${labelled}`,
      resource: { ...rbac, plural: 'clusterroles' },
      name: operator.account,
    },
    {
      part: 'admission',
      what: 'admission policies',
      remove: `kubectl delete validatingadmissionpolicy,validatingadmissionpolicybinding -l ${labelled}`,
      resource: { ...admission, plural: 'validatingadmissionpolicies' },
      labelSelector: labelled,
    },
  ]
}

/** `parts`: the only ones to look for, where not all of them are wanted. */
export async function lookForRemains(
  send: Send,
  operatorNamespace: string,
  parts?: readonly Remains['part'][],
): Promise<readonly Remains[]> {
  const wanted = partsOf(operatorNamespace).filter(({ part }) => parts?.includes(part) ?? true)
  return Promise.all(
    wanted.map(async ({ resource, name, labelSelector, ...part }) => {
      const reply = await send({ method: 'GET', path: pathOf(resource, { name }), query: { labelSelector } })
      if (reply.ok) return { ...part, isThere: labelSelector === undefined || !isEmptyList(reply.body) }
      return { ...part, isThere: isStatus(reply.failure, 404) ? false : undefined }
    }),
  )
}

function isEmptyList(body: unknown): boolean {
  return (
    typeof body === 'object' && body !== null && 'items' in body && Array.isArray(body.items) && body.items.length === 0
  )
}
