/** Snapshot in, intent out: what each tier wants and how each namespace is isolated, each fact with the source that said it. */

import { compareText } from '../api/order.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { readAnnotations } from './annotations.ts'
import { type AppTierIntent, readAppTiers } from './apptiers.ts'
import { checkMember } from './checks.ts'
import { gatherMembers, type ReadWorkload } from './members.ts'
import { isAnnotatable, misplacedAnnotations } from './misplaced.ts'
import { type NamespaceReader, readNamespaces, refusal, refusalFix } from './namespaces.ts'
import { compareRefs, type Snapshot } from './snapshot.ts'
import { type Member, type Tier, type TierKey, writeKey } from './tier.ts'

export interface Intent {
  /** Sorted by namespace, app and tier; members by namespace, kind and name. */
  readonly tiers: ReadonlyMap<string, Tier>
  readonly appTiers: ReadonlyMap<string, AppTierIntent>
  readonly isolationOf: NamespaceReader
  /** Namespaces that are isolated whether or not a tier has pods: by their own word, or by an AppTier. */
  readonly isolated: readonly string[]
  readonly problems: readonly Problem[]
}

export function readIntent(snapshot: Snapshot): Intent {
  const { isolationOf, byHand, problems: namespaceProblems } = readNamespaces(snapshot)
  const workloads = snapshot.workloads.map(
    (workload): ReadWorkload =>
      isAnnotatable(workload) ? { workload, ...readAnnotations(workload) } : { workload, besides: [], problems: [] },
  )
  const { appTiers, problems: appTierProblems } = readAppTiers(snapshot.appTiers)
  const gathered = gatherMembers(workloads, appTiers, snapshot.configuration)
  const checkProblems: Problem[] = []
  const members = gathered.members.map(member => {
    const found = checkMember(member, snapshot.configuration)
    checkProblems.push(...found)
    return found.length > 0 ? { ...member, sound: false } : member
  })
  const isRefused = ({ key }: Member) => isolationOf(key.namespace).isolation === 'refused'
  const problems = [
    ...snapshot.problems,
    ...namespaceProblems,
    ...snapshot.workloads.flatMap(misplacedAnnotations),
    ...snapshot.pods.flatMap(misplacedAnnotations),
    ...workloads.flatMap(({ problems }) => problems),
    ...appTierProblems,
    ...gathered.problems,
    ...checkProblems,
    ...members
      .filter(isRefused)
      .map(({ because, key }) =>
        problemAt(because, 'namespace-refused', refusal(key.namespace), refusalFix(key.namespace)),
      ),
  ]
  return {
    tiers: groupTiers(
      members.filter(member => !isRefused(member)),
      [...appTiers.values()].filter(({ key }) => isolationOf(key.namespace).isolation !== 'refused'),
    ),
    appTiers,
    isolationOf,
    isolated: [...byHand, ...[...appTiers.values()].filter(({ sound }) => sound).map(({ key }) => key.namespace)],
    problems,
  }
}

/** A tier may be there without any pods: an AppTier whose workloads are still to come. */
function groupTiers(members: readonly Member[], appTiers: readonly AppTierIntent[]): ReadonlyMap<string, Tier> {
  const sorted = [...members].sort((a, b) => compareKeys(a.key, b.key) || compareRefs(a.ref, b.ref))
  const byKey = Map.groupBy(sorted, ({ key }) => writeKey(key))
  for (const { key } of appTiers) if (!byKey.has(writeKey(key))) byKey.set(writeKey(key), [])
  const keys = new Map([...members, ...appTiers].map(({ key }) => [writeKey(key), key]))
  const tiers = [...keys].map(([text, key]): [string, Tier] => [text, { key, members: byKey.get(text) ?? [] }])
  return new Map(tiers.sort(([, a], [, b]) => compareKeys(a.key, b.key)))
}

function compareKeys(a: TierKey, b: TierKey): number {
  return compareText(a.namespace, b.namespace) || compareText(a.app, b.app) || compareText(a.tier, b.tier)
}
