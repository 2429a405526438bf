/** The list of rights as RBAC's rules, each with why it is needed. */
import { operator, type Right, resources, rights, type Watched } from '../live/resources.ts'

/** As RBAC spells it. */
export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

export interface ExplainedRule {
  readonly rule: Rule
  readonly because: string
}

/** For a Role or ClusterRole that holds everything of one place. */
export function rulesFor(place: Right['where']): readonly ExplainedRule[] {
  return joinAlike(rightsAt(place)).flatMap(right => (place === 'operator' ? holdToName(right) : [ruleOf(right)]))
}

/** For a Role in one of the namespaces that are looked after. */
export function rulesWithin(): readonly ExplainedRule[] {
  return joinAlike(rightsAt('everywhere').map(narrowToOwn)).map(ruleOf)
}

/** Events on Namespaces, which are in no namespace themselves, are in `default`. */
export function rulesForEvents(): readonly ExplainedRule[] {
  const events = rightsAt('everywhere').filter(({ resource }) => resource === 'events')
  return joinAlike(events.map(right => ({ ...right, because: 'Events on Namespaces' }))).map(ruleOf)
}

const rightsAt = (place: Right['where']) => rights.filter(({ where }) => where === place)

/** A Role reaches one object that is in no namespace: its own Namespace, by name, and never a list of them. */
function narrowToOwn(right: Right): Right {
  if (isNamespaced(right)) return right
  return { ...right, verbs: ['get', 'watch'], because: 'its own Namespace' }
}

function isNamespaced({ group, resource }: Right): boolean {
  const watched = Object.values<Watched>(resources).find(
    ({ group: theirs, plural }) => theirs === group && plural === resource,
  )
  return watched?.namespaced ?? true
}

type Joined = Omit<Right, 'resource'> & { readonly resources: readonly string[] }

/** One rule for the resources of a group that allow the same for the same reason. */
function joinAlike(all: readonly Right[]): readonly Joined[] {
  const alike = Map.groupBy(all, ({ group, verbs, because }) => JSON.stringify([group, verbs, because]))
  return [...alike.values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, resources: [first, ...more].map(({ resource }) => resource) }] : [],
  )
}

function ruleOf({ group, resources, verbs, because }: Omit<Joined, 'where'>): ExplainedRule {
  return { rule: { apiGroups: [group], resources, verbs }, because }
}

/** A name that is not there yet cannot be held to, so `create` stands by itself. */
function holdToName(right: Joined): readonly ExplainedRule[] {
  const { group, resources, verbs, because } = right
  const held = verbs.filter(verb => verb !== 'create')
  const free = verbs.filter(verb => verb === 'create')
  const rule = { apiGroups: [group], resources }
  return [
    { rule: { ...rule, resourceNames: [operator.lease], verbs: held }, because },
    { rule: { ...rule, verbs: free }, because: `${because}; RBAC cannot hold create to a name` },
  ].filter(({ rule }) => rule.verbs.length > 0)
}
