/** The RBAC objects of an installation: what the operator may do, and what users may do with AppTiers. */
import { group } from '../api/annotations.ts'
import { resources } from '../live/resources.ts'
import type { Manifest } from './manifest.ts'
import { operatorName, operatorNamespace } from './names.ts'
import { type ExplainedRule, rulesFor, rulesForEvents, rulesWithin } from './rules.ts'

/** For an operator that looks after every namespace. */
export function makeRbac(): readonly Manifest[] {
  return [
    ...makeEverywhereRbac(operatorNamespace),
    ...makeDnsRbac(operatorNamespace, 'kube-system', dnsPlace),
    ...makeFixedRbac(operatorNamespace),
  ]
}

/** The first argument of each is the operator's own namespace. */
export function makeEverywhereRbac(own: string): readonly Manifest[] {
  const metadata = { name: operatorName }
  return [
    makeRole('ClusterRole', metadata, rulesFor('everywhere'), 'What the operator may do in every namespace.'),
    makeBinding(own, 'ClusterRole', metadata),
  ]
}

export function makeDnsRbac(own: string, place: string, because: string): readonly Manifest[] {
  return grant(own, 'dns', place, rulesFor('dns'), because)
}

/** What is needed wherever DNS is, and whichever namespaces the operator looks after. */
export function makeFixedRbac(own: string): readonly Manifest[] {
  return [
    ...grant(own, 'apiserver', 'default', rulesFor('apiserver'), 'Where the addresses of the API server stand.'),
    ...grant(own, 'lease', own, rulesFor('operator'), "The operator's own namespace."),
    ...makeUserRoles(),
  ]
}

const dnsPlace = `Where the cluster's DNS is. Where it is in another namespace (on OpenShift in openshift-dns), copy this Role and its
RoleBinding into an overlay of your own, with that namespace.`

/** For an operator that looks after some namespaces, in place of the rights in all of them. */
export function makeNamespaceRbac(own: string, place: { readonly namespace?: string }): readonly Manifest[] {
  const metadata = { name: operatorName, ...place }
  const because = 'What the operator may do in a namespace that it looks after.'
  return [makeRole('Role', metadata, rulesWithin(), because), makeBinding(own, 'Role', metadata)]
}

/** Beside those, once. */
export function makeEventsRbac(own: string): readonly Manifest[] {
  const because = 'Namespaces are in no namespace: Events on them are kept in this one.'
  return grant(own, 'events', 'default', rulesForEvents(), because)
}

/** Each with a name of its own: it may meet others in its namespace. */
function grant(
  own: string,
  what: string,
  place: string,
  rules: readonly ExplainedRule[],
  because: string,
): readonly Manifest[] {
  const metadata = { name: `${operatorName}-${what}`, namespace: place }
  return [makeRole('Role', metadata, rules, because), makeBinding(own, 'Role', metadata)]
}

/** They join the roles `view`, `edit` and `admin` that clusters bring along; each of these includes the one before. */
function makeUserRoles(): readonly Manifest[] {
  const rule = { apiGroups: [group], resources: [resources.appTiers.plural] }
  const verbs = {
    view: ['get', 'list', 'watch'],
    edit: ['create', 'delete', 'deletecollection', 'patch', 'update'],
  }
  return Object.entries(verbs).map(([role, verbs]) => {
    const metadata = {
      name: `tierwall-${role}`,
      labels: { [`${apiGroup}/aggregate-to-${role}`]: 'true' },
    }
    const because = `whoever may ${role} a namespace may ${role} its AppTiers`
    return makeRole('ClusterRole', metadata, [{ rule: { ...rule, verbs }, because }])
  })
}

type RoleKind = 'ClusterRole' | 'Role'

interface Metadata {
  readonly name: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
}

const apiGroup = 'rbac.authorization.k8s.io'

const label = ({ labels, ...metadata }: Metadata): Metadata => ({
  ...metadata,
  labels: { 'app.kubernetes.io/name': 'tierwall', ...labels },
})

function makeRole(kind: RoleKind, metadata: Metadata, explained: readonly ExplainedRule[], because?: string): Manifest {
  const rules = explained.map(({ rule }) => rule)
  return {
    object: { apiVersion: `${apiGroup}/v1`, kind, metadata: label(metadata), rules },
    comments: [
      ...(because === undefined ? [] : [{ path: [], text: because }]),
      ...explained
        .map(({ because }, index) => ({ path: ['rules', index], text: because }))
        .filter(({ text }, index) => text !== explained[index - 1]?.because),
    ],
  }
}

/** Of the operator's ServiceAccount to the role of the same name. */
function makeBinding(own: string, kind: RoleKind, metadata: Metadata): Manifest {
  return {
    object: {
      apiVersion: `${apiGroup}/v1`,
      kind: `${kind}Binding`,
      metadata: label(metadata),
      roleRef: { apiGroup, kind, name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: operatorName, namespace: own }],
    },
  }
}
