/** A decision and its problems, by what the status of an AppTier looks up in them: a thousand AppTiers may share one. */
import type { AppTierObject } from '../../api/kubernetes.ts'
import type { Problem } from '../../api/problem.ts'
import { rememberByObject } from '../../api/remember.ts'
import { type Source, writeRef, writeSource } from '../../api/source.ts'
import type { Decision } from '../../engine.ts'
import type { AppTierIntent } from '../../intent/apptiers.ts'
import { refOf } from '../../intent/snapshot.ts'
import { writeKey } from '../../intent/tier.ts'

export interface Lookup {
  /** By `writeRef`. */
  readonly intents: ReadonlyMap<string, AppTierIntent>
  readonly objects: ReadonlyMap<string, AppTierObject>
  /** By `writeKey`: what the tier is enforced with, whether or not its namespace is. */
  readonly policies: ReadonlyMap<string, readonly string[]>
  /** By `writeKey`, in their order: what was found where an object of the tier names somebody who is missing. */
  readonly atMissingPeers: ReadonlyMap<string, readonly Problem[]>
}

export const lookUp = rememberByObject((decision: Decision): Lookup => {
  const { intent, snapshot, namespaces } = decision
  return {
    intents: new Map([...intent.appTiers.values()].map(one => [writeRef(one.ref), one])),
    objects: new Map(snapshot.appTiers.map(one => [writeRef(refOf(one)), one])),
    policies: gather(
      namespaces
        .flatMap(({ policies }) => policies)
        .flatMap(({ member, policy }) => (member ? [[writeKey(member.key), policy.metadata.name]] : [])),
    ),
    atMissingPeers: gatherAtMissingPeers(decision),
  }
})

/** Errors by `writeRef` of the object that has them. */
export const errorsByObject = rememberByObject((problems: readonly Problem[]) =>
  gather(
    problems.flatMap((problem): [string, Problem][] => {
      const { severity, source } = problem
      return severity === 'error' && source.said === 'object' ? [[writeRef(source.object), problem]] : []
    }),
  ),
)

/** What a preset or the configuration names is not the tier's to mend. */
function gatherAtMissingPeers({ graph, problems }: Decision): Lookup['atMissingPeers'] {
  const tiersAt = new Map<string, Set<string>>()
  for (const { member, because } of graph.missing) {
    if (because.said !== 'object') continue
    const place = writePlace(because)
    tiersAt.set(place, (tiersAt.get(place) ?? new Set()).add(writeKey(member.key)))
  }
  return gather(
    problems.flatMap(problem =>
      [...(tiersAt.get(writePlace(problem.source)) ?? [])].map((key): [string, Problem] => [key, problem]),
    ),
  )
}

/** Of a list in an annotation each entry is a place of its own. */
function writePlace(source: Source): string {
  return JSON.stringify([writeSource(source), source.said === 'object' ? source.span : undefined])
}

function gather<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, readonly T[]> {
  const groups = Map.groupBy(entries, ([key]) => key)
  return new Map([...groups].map(([key, found]) => [key, found.map(([, value]) => value)]))
}
