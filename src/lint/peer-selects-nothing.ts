import type { LabelSelector } from '../api/kubernetes.ts'
import { writeSelector } from '../api/peers.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import type { Source } from '../api/source.ts'
import type { Survey } from './survey/index.ts'
import { listFew } from './survey/list-few.ts'
import { type NearLabel, nearLabel, slipOf } from './survey/near-labels.ts'
import { namesAskedFor } from './survey/places.ts'
import { gatherSelectorPeers, type SelectorPeerUse } from './survey/selector-peers.ts'

/** A peer by labels or by namespace that nothing carries. */
export function peerSelectsNothing(survey: Survey): Problem[] {
  return gatherSelectorPeers(survey.decision).flatMap(use => {
    const { peer, source } = use
    if (peer.kind === 'pods-of') return judgeNamespace(peer.namespace, source, survey)
    if (peer.namespaceSelector) return judgeSelectors(peer.namespaceSelector, peer.podSelector, source, survey)
    return peer.podSelector ? judgeOwnPods(peer.podSelector, use, survey) : []
  })
}

/** A namespace may be there without the input saying so: only a slip of the pen, or a whole cluster, tells. */
function judgeNamespace(name: string, source: Source, { places, isWholeCluster }: Survey): Problem[] {
  if (places.names.has(name)) return []
  const near = slipOf(name, places.names)
  if (near === undefined && !isWholeCluster) return []
  return [
    problemAt(
      source,
      'peer-selects-nothing',
      `there is no namespace ${name} in the input`,
      near === undefined ? `mend the name, or take this peer away` : `write *.${near}`,
    ),
  ]
}

/** The tier's own namespace is in the input, with the tier's own pods at the least. */
function judgeOwnPods(selector: LabelSelector, { source, namespaces }: SelectorPeerUse, survey: Survey): Problem[] {
  const inside = [...namespaces]
  if (inside.some(namespace => survey.selectPods(namespace, selector).length > 0)) return []
  if (inside.every(namespace => survey.podsIn(namespace).length === 0)) return []
  return [noPods(selector, listFew(inside), source, nearLabel(selector, survey.vocabularyOf(inside)))]
}

function judgeSelectors(
  namespaces: LabelSelector,
  pods: LabelSelector | undefined,
  source: Source,
  survey: Survey,
): Problem[] {
  const meant = survey.places.mayMean(namespaces)
  if (meant.length === 0) return judgeNoNamespace(namespaces, source, survey)
  if (pods === undefined || meant.some(name => survey.selectPods(name, pods).length > 0)) return []
  const isUnknown = (name: string) => survey.podsIn(name).length === 0
  if (!survey.isWholeCluster && meant.some(isUnknown)) return []
  const near = nearLabel(pods, survey.vocabularyOf(meant))
  if (!isComplete(namespaces, survey) && !near?.isSlip) return []
  return [noPods(pods, listFew(meant), source, near)]
}

function judgeNoNamespace(selector: LabelSelector, source: Source, survey: Survey): Problem[] {
  const near = nearLabel(selector, survey.places.namespaceVocabulary())
  if (!survey.isWholeCluster && !near?.isSlip) return []
  return [
    problemAt(
      inSpec(source, 'namespaceSelector'),
      'peer-selects-nothing',
      `no namespace in the input has ${writeSelector(selector)}`,
      near?.advice ?? 'write labels that the namespace carries, or take this peer away',
    ),
  ]
}

/** Namespaces that are not in the input may have any labels, unless the selector asks for some by name. */
function isComplete(selector: LabelSelector, { isWholeCluster, places }: Survey): boolean {
  return isWholeCluster || (namesAskedFor(selector) ?? ['']).every(name => places.names.has(name))
}

function noPods(selector: LabelSelector, where: string, source: Source, near: NearLabel | undefined): Problem {
  return problemAt(
    inSpec(source, 'podSelector'),
    'peer-selects-nothing',
    `no pod of ${where} in the input has ${writeSelector(selector)}`,
    near?.advice ?? 'write labels that the pods carry, or take this peer away',
  )
}

/** Only an AppTier's spec can hold selectors; the configuration's paths end at the peer. */
function inSpec(source: Source, field: string): Source {
  return source.said === 'object' ? { ...source, path: [...source.path, field] } : source
}
