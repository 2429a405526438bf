/** Of everything that Tierwall asks of an API server: may I, or may somebody else, do that? */
import type { Send } from '../cluster/index.ts'
import { pathOf } from '../cluster/resource.ts'
import { operator, type Right, rights, type Verb } from '../live/resources.ts'
import type { AskedRight, Look } from './facts.ts'
import { joinLooks, readReply } from './look.ts'
import { readAllowed } from './shapes.ts'

export interface Scope {
  /** Empty for all of them at once. */
  readonly namespaces: readonly string[]
  readonly dnsNamespaces: readonly string[]
  readonly operatorNamespace: string
}

interface Account {
  readonly namespace: string
  readonly name: string
}

export async function askRights(send: Send, scope: Scope, account?: Account): Promise<Look<readonly AskedRight[]>> {
  const wishes = rights.flatMap(right =>
    placesOf(right, scope).flatMap(namespace => right.verbs.map(verb => ({ right, verb, namespace }))),
  )
  return joinLooks(await Promise.all(wishes.map(wish => askRight(send, wish, account))))
}

function placesOf(
  { where }: Right,
  { namespaces, dnsNamespaces, operatorNamespace }: Scope,
): readonly (string | undefined)[] {
  if (where === 'operator') return [operatorNamespace]
  if (where === 'apiserver') return ['default']
  if (where === 'dns') return dnsNamespaces
  return namespaces.length === 0 ? [undefined] : namespaces
}

type Wish = Omit<AskedRight, 'allowed'>

async function askRight(send: Send, wish: Wish, account?: Account): Promise<Look<readonly AskedRight[]>> {
  const kind = account ? 'SubjectAccessReview' : 'SelfSubjectAccessReview'
  const plural = `${kind.toLowerCase()}s`
  const reply = await send({
    method: 'POST',
    path: pathOf({ group: 'authorization.k8s.io', version: 'v1', plural }),
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind,
      spec: { resourceAttributes: attributesOf(wish), ...(account && identify(account)) },
    },
  })
  const look = readReply(reply, readAllowed, `create ${plural}.authorization.k8s.io`)
  return 'unseen' in look ? look : { seen: [{ ...wish, allowed: look.seen }] }
}

function attributesOf({ right: { group, resource, where }, verb, namespace }: Wish) {
  const [plural, subresource] = resource.split('/')
  return {
    group,
    resource: plural,
    verb,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(where === 'operator' && isByName(verb) ? { name: operator.lease } : {}),
  }
}

/** The right to the Lease is one to that Lease alone; what is about to be created has no name for RBAC. */
function isByName(verb: Verb): boolean {
  return verb !== 'create' && verb !== 'list' && verb !== 'watch'
}

function identify({ namespace, name }: Account) {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  }
}
