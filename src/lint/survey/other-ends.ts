/** The peers of a rule → ends of flows that they mean, each with the name that a message gives it. */
import { namespaceNameLabel } from '../../api/annotations.ts'
import type { LabelSelector, Labels, PolicyPeer } from '../../api/kubernetes.ts'
import { writeSelector } from '../../api/peers.ts'
import { isEmptySelector } from '../../api/selector.ts'
import { writeRef } from '../../api/source.ts'
import type { End } from '../../evaluate/index.ts'
import { namespaceLabels } from '../../intent/snapshot.ts'
import { addressesOf, anybody } from './addresses.ts'
import { endOf } from './ends.ts'
import type { Pods, Survey } from './index.ts'
import { labelsFor } from './witness.ts'

export interface OtherEnd {
  readonly end: End
  readonly label: string
}

/** So many pods of one peer are asked about, and no more. */
const mostPods = 4

/** No peers mean everyone. */
export function otherEnds(
  peers: readonly PolicyPeer[] | undefined,
  namespace: string,
  survey: Survey,
): readonly OtherEnd[] {
  if (peers === undefined || peers.length === 0)
    return [
      ...anybody.map(atAddress),
      madeUp({}, elsewhere, {}, 'a pod of another namespace'),
      ...knownPods(survey.podsIn(namespace), survey),
    ]
  return peers.flatMap(({ ipBlock, podSelector, namespaceSelector }) => {
    if (ipBlock) return [...addressesOf(ipBlock), ...anybody].map(atAddress)
    return podEnds(podSelector ?? {}, namespaceSelector, namespace, survey)
  })
}

function atAddress(ip: string): OtherEnd {
  return { end: { is: 'address', ip }, label: ip }
}

/** No namespace can have this name, so no selector can mean it by name. */
const elsewhere = '(another namespace)'

function podEnds(
  podSelector: LabelSelector,
  namespaceSelector: LabelSelector | undefined,
  namespace: string,
  survey: Survey,
): OtherEnd[] {
  const places = namespaceSelector ? survey.places.mayMean(namespaceSelector) : [namespace]
  const known = places.flatMap(place => survey.selectPods(place, podSelector).slice(0, mostPods)).slice(0, mostPods)
  const labels = namespaceSelector ? labelsFor(namespaceSelector) : namespaceLabels(survey.decision.snapshot, namespace)
  const place = labels[namespaceNameLabel] ?? elsewhere
  return [
    ...knownPods(known, survey),
    madeUp(labelsFor(podSelector), place, labels, describe(podSelector, namespaceSelector)),
  ]
}

/** `a pod with role=client in a namespace with team=ops` */
function describe(podSelector: LabelSelector, namespaceSelector: LabelSelector | undefined): string {
  const having = (selector: LabelSelector) => (isEmptySelector(selector) ? '' : ` with ${writeSelector(selector)}`)
  const where = namespaceSelector ? ` in a namespace${having(namespaceSelector)}` : ''
  return `a pod${having(podSelector)}${where}`
}

function knownPods(pods: readonly Pods[], { decision }: Survey): OtherEnd[] {
  return pods
    .filter(({ hostNetwork }) => !hostNetwork)
    .slice(0, mostPods)
    .map(one => ({ end: endOf(one, decision.snapshot, 'another'), label: writeRef(one.ref) }))
}

function madeUp(labels: Labels, namespace: string, namespaceLabels: Labels, label: string): OtherEnd {
  const end: End = {
    is: 'pod',
    namespace,
    name: '(made up)',
    labels,
    namespaceLabels: { ...namespaceLabels, [namespaceNameLabel]: namespace },
    ips: [],
    hostNetwork: false,
    ports: [],
  }
  return { end, label }
}
