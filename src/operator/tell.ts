/** What became of a batch → Events, statuses and metrics, each where it changed. */
import type { AppTierObject } from '../api/kubernetes.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { type ObjectRef, writeRef } from '../api/source.ts'
import type { Clock } from '../cluster/index.ts'
import type { TargetOutlook } from '../live/outlook.ts'
import type { Seen } from '../live/seen.ts'
import type { Metrics } from './metrics/index.ts'
import type { News } from './news/index.ts'
import type { Round } from './reconcile.ts'
import { type AppTierStatus, type Conflict, readStatus, sameStatus, statusOf } from './status/index.ts'
import { namespaceOf, type Survey } from './survey.ts'
import type { World } from './world.ts'

export interface TellOptions {
  readonly clock: Clock
  readonly world: World
  readonly news: News
  readonly metrics: Metrics
  readonly survey: Survey
  readonly putStatus: (seen: Seen, status: AppTierStatus) => void
  /** Something could not be told yet. */
  readonly again: (namespace: string) => void
}

export function createTell(options: TellOptions): (round: Round) => void {
  return round => {
    const byNamespace = Map.groupBy(round.outlook.problems, namespaceOf)
    for (const target of round.outlook.targets) tellOne(target, byNamespace.get(target.namespace) ?? [], round, options)
  }
}

function tellOne(target: TargetOutlook, found: readonly Problem[], round: Round, options: TellOptions): void {
  const { world, news, metrics, survey, again } = options
  const { namespace } = target
  const slot = world.slots.get(namespace)
  const surveyed = survey.of(namespace)
  const conflicts = conflictsOf(target, round)
  const problems = [...found, ...surveyed.problems, ...conflicts.map(({ problem }) => problem)]
  const uidOf = (ref: ObjectRef) => (ref.kind === 'Namespace' ? slot?.self?.uid : slot?.objects.get(writeRef(ref))?.uid)
  const left = news.tell(namespace, problems, uidOf)
  if (left > 0) again(namespace)
  metrics.showFindings(namespace, { problems, uncovered: surveyed.uncovered })
  for (const seen of slot?.objects.values() ?? [])
    if (seen.ref.kind === 'AppTier' && !seen.terminating) tellStatus(seen, target, problems, conflicts, round, options)
}

interface FoundConflict extends Conflict {
  readonly problem: Problem
}

/** Told on the object whose policy it is; the shared ones on the namespace. */
function conflictsOf({ namespace, conflicts }: TargetOutlook, { outlook, fought }: Round): readonly FoundConflict[] {
  const describe = (name: string, what: string, fix: string): FoundConflict => {
    const policies = outlook.decision.namespaces.find(one => one.namespace === namespace)?.policies
    const member = policies?.find(({ policy }) => policy.metadata.name === name)?.member
    const source = member?.because ?? {
      said: 'object',
      object: { kind: 'Namespace', namespace: '', name: namespace },
      path: ['metadata', 'name'],
    }
    const message = `NetworkPolicy ${namespace}/${name} ${what}`
    return { namespace, name, because: `${message}; ${fix}`, problem: problemAt(source, 'name-conflict', message, fix) }
  }
  return [
    ...conflicts.map(name =>
      describe(
        name,
        'is not Tierwall’s, so it stays as it is',
        'delete or rename it, or start Tierwall with --adopt where it says the same',
      ),
    ),
    ...(fought.get(namespace) ?? []).map(name =>
      describe(
        name,
        'is changed again and again by somebody else, so Tierwall leaves it alone for a while',
        'find out by its managedFields who writes it, and stop them',
      ),
    ),
  ]
}

function tellStatus(
  seen: Seen,
  target: TargetOutlook,
  problems: readonly Problem[],
  conflicts: readonly Conflict[],
  { outlook, misses }: Round,
  { clock, putStatus }: TellOptions,
): void {
  const miss = misses.get(target.namespace)
  const previous = readStatus(seen.status)
  const status = statusOf({
    appTier: { metadata: { ...metadataOf(seen), generation: seen.generation } },
    decision: outlook.decision,
    problems,
    conflicts,
    kept: target.restored.has(writeRef(seen.ref)),
    failures: miss?.is === 'failed' ? [miss] : [],
    settled: miss === undefined,
    previous,
    now: clock.now(),
  })
  if (!sameStatus(previous, status)) putStatus(seen, status)
}

function metadataOf({ ref, object }: Seen): Pick<AppTierObject['metadata'], 'name' | 'namespace'> {
  return object?.is === 'appTier' ? object.object.metadata : { name: ref.name, namespace: ref.namespace }
}
