/** Snapshot in, intent out: what each tier wants and how each namespace is isolated, each fact with the source that said it. */
import { type Problem, problemAt } from '../api/problem.ts'
import { readAnnotations } from './annotations.ts'
import { type AppTierIntent, readAppTiers } from './apptiers.ts'
import { checkMember } from './checks.ts'
import { gatherMembers, type ReadWorkload } from './members.ts'
import { isAnnotatable, misplacedAnnotations } from './misplaced.ts'
import { type NamespaceReader, readNamespaces, refusal, refusalFix } from './namespaces.ts'
import { compareRefs, compareText, type Snapshot } from './snapshot.ts'
import { type Member, type Tier, writeKey } from './tier.ts'

export interface Intent {
  /** Sorted by namespace, app and tier; members by namespace, kind and name. */
  readonly tiers: ReadonlyMap<string, Tier>
  readonly appTiers: ReadonlyMap<string, AppTierIntent>
  readonly isolationOf: NamespaceReader
  /** Namespaces that say `enforce` themselves: their deny stays while no tier is left. */
  readonly enforcedByHand: readonly string[]
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
    tiers: groupTiers(members.filter(member => !isRefused(member))),
    appTiers,
    isolationOf,
    enforcedByHand: byHand,
    problems,
  }
}

function groupTiers(members: readonly Member[]): ReadonlyMap<string, Tier> {
  const sorted = [...members].sort(
    (a, b) =>
      compareText(a.key.namespace, b.key.namespace) ||
      compareText(a.key.app, b.key.app) ||
      compareText(a.key.tier, b.key.tier) ||
      compareRefs(a.ref, b.ref),
  )
  const tiers = new Map<string, { key: Tier['key']; members: Member[] }>()
  for (const member of sorted) {
    const key = writeKey(member.key)
    const tier = tiers.get(key)
    if (tier) tier.members.push(member)
    else tiers.set(key, { key: member.key, members: [member] })
  }
  return tiers
}
