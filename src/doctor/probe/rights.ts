/** The rights that a probe takes, asked before anything is made. */
import type { Send } from '../../cluster/index.ts'
import { pathOf } from '../../cluster/resource.ts'
import type { Look } from '../facts.ts'
import { readReply } from '../look.ts'
import { readAllowed } from '../shapes.ts'
import { type Unknown, unknown } from './probed.ts'

interface Need {
  readonly group: string
  readonly resource: string
  readonly verbs: readonly string[]
  /** Of the namespace itself the right is one in no namespace. */
  readonly inNamespace: boolean
}

export const needs: readonly Need[] = [
  { group: '', resource: 'namespaces', verbs: ['create', 'get', 'delete'], inNamespace: false },
  { group: '', resource: 'pods', verbs: ['create', 'get'], inNamespace: true },
  { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['create', 'delete'], inNamespace: true },
]

const fix = 'let somebody with these rights run it'

export async function findMissingRights(send: Send, namespace: string): Promise<Unknown | undefined> {
  const missing: string[] = []
  for (const need of needs) {
    const looks = await Promise.all(need.verbs.map(verb => ask(send, need, verb, namespace)))
    const [unseen] = looks.flatMap(look => ('unseen' in look ? [look.unseen] : []))
    if (unseen !== undefined) return unknown(unseen, fix)
    const verbs = need.verbs.filter((_, index) => !isAllowed(looks[index]))
    if (verbs.length > 0) missing.push(`${verbs.join(', ')} ${writeNeed(need)}`)
  }
  return missing.length === 0 ? undefined : unknown(`you may not ${missing.join('; ')}`, fix)
}

function isAllowed(look: Look<boolean> | undefined): boolean {
  return look !== undefined && 'seen' in look && look.seen
}

async function ask(
  send: Send,
  { group, resource, inNamespace }: Need,
  verb: string,
  namespace: string,
): Promise<Look<boolean>> {
  const place = inNamespace ? { namespace } : verb === 'create' ? {} : { name: namespace }
  const reply = await send({
    method: 'POST',
    path: pathOf({ group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectaccessreviews' }),
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { group, resource, verb, ...place } },
    },
  })
  return readReply(reply, readAllowed, 'create selfsubjectaccessreviews.authorization.k8s.io')
}

function writeNeed({ group, resource, inNamespace }: Need): string {
  return `${resource}${group === '' ? '' : `.${group}`}${inNamespace ? ' in a namespace of its own' : ''}`
}
