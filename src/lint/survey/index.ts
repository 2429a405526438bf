/** A decision in, what the checks look things up in out: pods with their tiers, Services, and the policies that will hold. */
import type { LabelSelector, Labels, Service } from '../../api/kubernetes.ts'
import { writeRef } from '../../api/source.ts'
import type { Decision } from '../../engine.ts'
import type { Member } from '../../intent/tier.ts'
import { indexLabels, indexSelectors } from './label-index.ts'
import { gatherVocabulary, type Vocabulary } from './near-labels.ts'
import { gatherPlaces, type Places } from './places.ts'
import { gatherPods, type PodGroup } from './pods.ts'
import { gatherPolicies, type Policies } from './policies.ts'
import { gatherPortClaims, type PortClaim } from './port-claims.ts'
import { remember } from './remember.ts'

/** Pods that are alike, and the tiers that select them. */
export interface Pods extends PodGroup {
  readonly members: readonly Member[]
}

export interface Survey {
  readonly decision: Decision
  readonly pods: readonly Pods[]
  readonly podsIn: (namespace: string) => readonly Pods[]
  readonly podsOf: (member: Member) => readonly Pods[]
  readonly selectPods: (namespace: string, selector: LabelSelector) => readonly Pods[]
  readonly membersMatching: (namespace: string, labels: Labels) => readonly Member[]
  /** Services with a selector that matches these pods. */
  readonly servicesOf: (pods: Pods) => readonly Service[]
  /** The input is a cluster's own list of objects, so that what is not in it does not exist. */
  readonly isWholeCluster: boolean
  /** The labels of all pods of these namespaces. */
  readonly vocabularyOf: (namespaces: readonly string[]) => Vocabulary
  readonly places: Places
  readonly policies: Policies
  readonly portClaims: readonly PortClaim[]
  readonly portClaimsFor: (member: Member) => readonly PortClaim[]
}

export function surveyDecision(decision: Decision): Survey {
  const { snapshot, graph } = decision
  const membersMatching = indexMembers(graph.members)
  const pods = onePerMaker(
    gatherPods(snapshot).map(group => ({ ...group, members: membersMatching(group.ref.namespace, group.labels) })),
  )
  const byNamespace = Map.groupBy(pods, ({ ref }) => ref.namespace)
  const selects = new Map([...byNamespace].map(([namespace, inside]) => [namespace, indexLabels(inside)]))
  const byMember = Map.groupBy(
    pods.flatMap(group => group.members.map(member => ({ member, group }))),
    ({ member }) => member,
  )
  const portClaims = gatherPortClaims(decision)
  const claimsByMember = Map.groupBy(
    portClaims.flatMap(claim => claim.members.map(member => ({ claim, member }))),
    ({ member }) => member,
  )
  return {
    decision,
    pods,
    podsIn: namespace => byNamespace.get(namespace) ?? [],
    podsOf: member => (byMember.get(member) ?? []).map(({ group }) => group),
    selectPods: (namespace, selector) => selects.get(namespace)?.(selector) ?? [],
    membersMatching,
    servicesOf: findServices(snapshot.services),
    // Every cluster has this namespace, and hardly anybody keeps its Namespace object in a file.
    isWholeCluster: snapshot.namespaces.has('kube-system'),
    vocabularyOf: remember(
      namespaces =>
        gatherVocabulary(namespaces.flatMap(name => byNamespace.get(name) ?? []).map(({ labels }) => labels)),
      namespaces => namespaces.join(' '),
    ),
    places: gatherPlaces(decision, pods),
    policies: gatherPolicies(decision),
    portClaims,
    portClaimsFor: member => (claimsByMember.get(member) ?? []).map(({ claim }) => claim),
  }
}

function indexMembers(members: readonly Member[]): Survey['membersMatching'] {
  const byNamespace = new Map(
    [...Map.groupBy(members, ({ key }) => key.namespace)].map(([namespace, inside]) => [
      namespace,
      indexSelectors(inside, ({ selector }) => selector),
    ]),
  )
  return (namespace, labels) => byNamespace.get(namespace)?.(labels) ?? []
}

/** Pods of one maker that the input does not have stand for one workload. */
function onePerMaker(pods: readonly Pods[]): Pods[] {
  const seen = new Set<string>()
  return pods.filter(({ ref, unknownMaker, members }) => {
    if (unknownMaker === undefined) return true
    const key = [ref.namespace, unknownMaker, ...members.map(member => writeRef(member.ref))].join(' ')
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function findServices(services: readonly Service[]): Survey['servicesOf'] {
  const selecting = services.filter(({ spec }) => Object.keys(spec.selector ?? {}).length > 0)
  const byNamespace = new Map(
    [...Map.groupBy(selecting, ({ metadata }) => metadata.namespace ?? '')].map(([namespace, inside]) => [
      namespace,
      indexSelectors(inside, ({ spec }) => ({ matchLabels: spec.selector ?? {} })),
    ]),
  )
  return ({ ref, labels }) => byNamespace.get(ref.namespace)?.(labels) ?? []
}
