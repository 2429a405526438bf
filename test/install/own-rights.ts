/** All that the operator's ServiceAccount may do in a namespace and others may not, as the API server lists it. */
import { z } from 'zod'
import { type Client, connect } from '../../src/controlplane/client.ts'
import type { ControlPlane } from '../../src/controlplane/index.ts'
import { type Deed, writeDeed } from './access.ts'

export async function listOwnRights(plane: ControlPlane, namespace: string): Promise<readonly string[]> {
  const [own, everybodys] = await Promise.all([
    listRights(plane, { namespace: 'tierwall-system', name: 'tierwall-operator' }, namespace),
    listRights(plane, { namespace: 'default', name: 'default' }, namespace),
  ])
  return sortDeeds(own.difference(everybodys))
}

/** Two rules may say the same. */
export function sortDeeds(deeds: Iterable<string>): readonly string[] {
  return [...new Set(deeds)].sort()
}

const review = z.object({
  status: z.object({
    incomplete: z.literal(false),
    resourceRules: z.array(
      z.object({
        verbs: z.array(z.string()),
        apiGroups: z.array(z.string()),
        resources: z.array(z.string()),
        resourceNames: z.array(z.string()).optional(),
      }),
    ),
  }),
})

async function listRights(
  plane: ControlPlane,
  account: { readonly namespace: string; readonly name: string },
  namespace: string,
): Promise<ReadonlySet<string>> {
  const client = connect(plane.access, { token: await plane.tokenFor(account) })
  try {
    return new Set((await reviewRules(client, namespace)).map(writeDeed))
  } finally {
    await client.close()
  }
}

async function reviewRules(client: Client, namespace: string): Promise<readonly Deed[]> {
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } }
  const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews'
  const { resourceRules } = review.parse((await client.request('POST', path, { body })).body).status
  return resourceRules.flatMap(({ verbs, apiGroups, resources, resourceNames = [undefined] }) =>
    apiGroups.flatMap(group =>
      resources.flatMap(resource =>
        verbs.flatMap(verb =>
          resourceNames.map(
            (name): Deed => ({ verb, group, resource, namespace, ...(name === undefined ? {} : { name }) }),
          ),
        ),
      ),
    ),
  )
}
