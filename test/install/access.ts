/** What somebody may do, as the API server says. */
import { z } from 'zod'
import type { Client } from '../../src/controlplane/client.ts'
import type { Right } from '../../src/live/resources.ts'

export interface Deed {
  readonly verb: string
  readonly group: string
  /** With the subresource, as RBAC spells it. */
  readonly resource: string
  /** Empty for all of them, and for what is in none. */
  readonly namespace: string
  readonly name?: string
}

interface Who {
  readonly user: string
  readonly groups?: readonly string[]
}

export const operator: Who = {
  user: 'system:serviceaccount:tierwall-system:tierwall-operator',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:tierwall-system', 'system:authenticated'],
}

export async function keepAllowed(client: Client, who: Who, deeds: readonly Deed[]): Promise<readonly Deed[]> {
  const allowed = await Promise.all(deeds.map(deed => isAllowed(client, who, deed)))
  return deeds.filter((_, index) => allowed[index])
}

const answer = z.object({ status: z.object({ allowed: z.boolean() }) })

export async function isAllowed(client: Client, { user, groups = [] }: Who, deed: Deed): Promise<boolean> {
  const [resource, subresource] = deed.resource.split('/')
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, groups, resourceAttributes: { ...deed, resource, subresource } },
  }
  const { body: reviewed } = await client.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    body,
  })
  return answer.parse(reviewed).status.allowed
}

/** What the rights of one place come to in a namespace, where only the Lease is held to its name. */
export function deedsOf(rights: readonly Right[], where: Right['where'], namespace: string): readonly Deed[] {
  return rights
    .filter(right => right.where === where)
    .flatMap(({ group, resource, verbs }) =>
      verbs.map((verb): Deed => {
        const deed = { verb, group, resource, namespace }
        return resource === 'leases' && verb !== 'create' ? { ...deed, name: 'tierwall-operator' } : deed
      }),
    )
}

/** `get coordination.k8s.io/leases of tierwall-operator` */
export function writeDeed({ verb, group, resource, name }: Deed): string {
  return [`${verb} ${group}/${resource}`, ...(name === undefined ? [] : [name])].join(' of ')
}
