/** The policies of a cluster, or of one of its namespaces, as they stand: the only thing that an uninstall goes by. */
import { type Failure, isStatus, listPages, pathOf, type Send } from '../../../cluster/index.ts'
import { ordinaryPageSize } from '../../../cluster/list.ts'
import { resources } from '../../../live/resources.ts'
import { readSeen } from '../../../live/seen.ts'
import { readSeenPolicy, type SeenPolicy } from '../../../live/seen-policy.ts'
import { makePlan, type NamespaceState, type Plan } from '../../../plan/index.ts'

export type Listed = { readonly policies: readonly SeenPolicy[] } | { readonly failure: Failure }

export async function listPolicies(send: Send, namespace: string | undefined): Promise<Listed> {
  const policies: SeenPolicy[] = []
  const request = { path: pathOf(resources.networkPolicies, { namespace }), pageSize: ordinaryPageSize }
  const reply = await listPages(send, request, json => {
    const policy = readSeenPolicy(json)
    if (policy) policies.push(policy)
  })
  if (!reply.ok) return { failure: reply.failure }
  const going = await listGoing(send, policies)
  return { policies: policies.filter(policy => !going.has(policy.namespace)) }
}

/** Kubernetes empties a namespace that is being deleted itself, and takes nothing new in it. */
async function listGoing(send: Send, policies: readonly SeenPolicy[]): Promise<ReadonlySet<string>> {
  const names = new Set(policies.filter(isToGo).map(({ namespace }) => namespace))
  const going = new Set<string>()
  for (const name of names) {
    const reply = await send({ method: 'GET', path: pathOf(resources.namespaces, { name }) })
    // Who may not look at it is no worse off: then a delete fails, or not.
    const gone = !reply.ok && isStatus(reply.failure, 404)
    if (gone || (reply.ok && readSeen(reply.body)?.terminating)) going.add(name)
  }
  return going
}

export function isToGo({ ours, terminating }: SeenPolicy): boolean {
  return ours && !terminating
}

/** Nothing is desired any more, so the plan leaves: default-deny, allow-dns, tiers. */
export function planRemoval(policies: readonly SeenPolicy[]): Plan {
  const byNamespace = Map.groupBy(policies, ({ namespace }) => namespace)
  const states = [...byNamespace].map(
    ([namespace, here]): NamespaceState => ({
      namespace,
      live: here.filter(isToGo),
      foreign: here.filter(({ ours }) => !ours).map(({ spec }) => spec),
      desired: [],
    }),
  )
  return makePlan(states)
}
