import { annotation, workloadAnnotations } from '../api/annotations.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { sourceAt, writeRef } from '../api/source.ts'
import { endOf } from './survey/ends.ts'
import type { Pods, Survey } from './survey/index.ts'
import { writeLabel } from './survey/write-label.ts'

/** A workload without a tier, where everything without one is shut. */
export function workloadUncovered(survey: Survey): Problem[] {
  const { appTiers } = survey.decision.intent
  // Whom a selector that cannot be read means, nobody knows; the engine has told of it.
  const unclear = new Set([...appTiers.values()].filter(one => one.selectorBroken).map(({ key }) => key.namespace))
  return [...survey.policies.enforced.keys()]
    .filter(namespace => !unclear.has(namespace))
    .flatMap(survey.podsIn)
    .filter(({ members, hostNetwork }) => members.length === 0 && !hostNetwork)
    .filter(({ annotations }) => !workloadAnnotations.some(key => Object.hasOwn(annotations, key)))
    .flatMap(pods => {
      const cut = whatIsCut(pods, survey)
      if (cut === undefined) return []
      return problemAt(
        sourceAt(pods.ref, ['metadata', 'name']),
        'workload-uncovered',
        `${writeRef(pods.ref)} is in no tier, and ${pods.ref.namespace} is isolated: ${cut}`,
        fixFor(pods),
      )
    })
}

/** What others' policies isolate already, the default-deny does not change. */
function whatIsCut(pods: Pods, { decision, policies }: Survey): string | undefined {
  const end = endOf(pods, decision.snapshot)
  const isolated = (direction: 'ingress' | 'egress') =>
    policies.foreignOnly.isolationOf(end, direction).policies.length > 0
  if (isolated('ingress')) return isolated('egress') ? undefined : 'it will connect to nobody but DNS'
  return isolated('egress') ? 'nobody will reach it' : 'it will be cut off but for DNS'
}

function fixFor({ ref, labels, unknownMaker }: Pods): string {
  const isAnnotatable = ['Deployment', 'StatefulSet', 'DaemonSet'].includes(ref.kind)
  if (isAnnotatable) return `annotate it with its tier, such as ${annotation.tier}: worker`
  const [[key, value] = []] = Object.entries(labels).filter(([key]) => !isPerPod(key))
  if (key === undefined || value === undefined)
    return 'give its pods a label, and name that by an AppTier with spec.selector'
  const whose = unknownMaker === undefined ? '' : ` (they are ${unknownMaker}'s)`
  return `name its pods by an AppTier with spec.selector: {matchLabels: {${writeLabel(key, value)}}}${whose}`
}

/** Labels that controllers give each pod or each revision. */
function isPerPod(key: string): boolean {
  return /(pod-template-hash|controller-revision-hash|pod-template-generation|pod-name|pod-index|controller-uid|job-name|completion-index)$/.test(
    key,
  )
}
