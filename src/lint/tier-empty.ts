import { annotation } from '../api/annotations.ts'
import { unnamedApp, writeSelector } from '../api/peers.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { sourceAt, writeRef } from '../api/source.ts'
import type { AppTierIntent } from '../intent/apptiers.ts'
import type { Tier } from '../intent/tier.ts'
import { writeKey } from '../intent/tier.ts'
import type { Survey } from './survey/index.ts'
import { nearLabel, slipOf } from './survey/near-labels.ts'

/** An AppTier that stands for no pods at all. */
export function tierEmpty(survey: Survey): Problem[] {
  const { appTiers, isolationOf, tiers } = survey.decision.intent
  const withPods = [...tiers.values()].filter(({ members }) => members.length > 0)
  const inNamespace = Map.groupBy(withPods, ({ key }) => key.namespace)
  return [...appTiers.values()].flatMap(appTier => {
    const { key, selectorBroken } = appTier
    if (selectorBroken || isolationOf(key.namespace).isolation === 'refused') return []
    if (appTier.selector) return judgeSelector(appTier, appTier.selector, survey)
    if (tiers.get(writeKey(key))?.members.length) return []
    const message = `no workload of ${key.namespace} is annotated with ${annotation.tier}: ${key.tier}${key.app === unnamedApp ? '' : ` in app ${key.app}`}`
    const fix = adviseOn(appTier, inNamespace.get(key.namespace) ?? [])
    return problemAt(sourceAt(appTier.ref, ['metadata', 'name']), 'tier-empty', message, fix)
  })
}

function judgeSelector({ ref }: AppTierIntent, selector: NonNullable<AppTierIntent['selector']>, survey: Survey) {
  if (survey.selectPods(ref.namespace, selector).length > 0) return []
  // Pods may come from elsewhere: where the input has none of the namespace's, nothing is known.
  if (survey.podsIn(ref.namespace).length === 0 && !survey.isWholeCluster) return []
  const message = `no workload or pod of ${ref.namespace} in the input has ${writeSelector(selector)}`
  const near = nearLabel(selector, survey.vocabularyOf([ref.namespace]))
  const fix = near?.advice ?? "write the labels of the pods' templates"
  return problemAt(sourceAt(ref, ['spec', 'selector']), 'tier-empty', message, fix)
}

function adviseOn({ key, ref }: AppTierIntent, there: readonly Tier[]): string {
  const elsewhere = there.find(tier => tier.key.tier === key.tier)
  const [member] = elsewhere?.members ?? []
  if (elsewhere && member) {
    const [inApp, written] =
      elsewhere.key.app === unnamedApp ? ['the unnamed app', '"-"'] : [`app ${elsewhere.key.app}`, elsewhere.key.app]
    return `${writeRef(member.ref)} is in tier ${key.tier} of ${inApp}: write spec.app: ${written}`
  }
  const near = slipOf(
    key.tier,
    there.map(tier => tier.key.tier),
  )
  if (near !== undefined) return `write spec.tier: ${near}`
  return `annotate a workload with ${annotation.tier}: ${key.tier}, or give ${writeRef(ref)} a spec.selector`
}
