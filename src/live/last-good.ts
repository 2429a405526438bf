/**
 * Broken input → the words that were last good, from the policies that were made from them. They are read again as any
 * input, and only while their object exists, or while nobody can say whether it does.
 */
import { partOfLabel, workloadAnnotations, written } from '../api/annotations.ts'
import type { AppTierObject, KubernetesObject, Metadata, Workload } from '../api/kubernetes.ts'
import type { ProblemCode } from '../api/problem.ts'
import { readSaid, type Said } from '../api/said.ts'
import { type ObjectRef, writeRef } from '../api/source.ts'
import type { Decision } from '../engine.ts'
import type { Member } from '../intent/tier.ts'
import type { Seen } from './seen.ts'
import type { SeenPolicy } from './seen-policy.ts'

/** By `writeRef`. */
export type LastGood = ReadonlyMap<string, Said & { readonly ref: ObjectRef }>

export function readLastGood(policies: readonly SeenPolicy[]): LastGood {
  const entries = policies
    .filter(({ ours }) => ours)
    .flatMap(({ namespace, annotations }) => saidOn(annotations, namespace))
  return new Map(entries.map(said => [writeRef(said.ref), said]))
}

export function saidOn(
  annotations: Readonly<Record<string, string>>,
  namespace: string,
): readonly (Said & { readonly ref: ObjectRef })[] {
  return Object.hasOwn(annotations, written.said) ? readSaid(annotations[written.said], namespace) : []
}

/** Left by its own user's word, or a mistake beside what is read: neither breaks what the object says of its tier. */
const harmless: ReadonlySet<ProblemCode> = new Set(['annotation-without-tier', 'annotation-misplaced'])

/** Objects whose words are not what they should be, so that nothing new can come of them: by `writeRef`. */
export function brokenIn(decision: Decision, objects: readonly Seen[]): ReadonlySet<string> {
  const wrong = new Set<string>()
  const broken = new Set(objects.filter(({ object }) => object === undefined).map(({ ref }) => writeRef(ref)))
  for (const { code, severity, source } of decision.problems)
    if (severity === 'error' && source.said === 'object' && !harmless.has(code)) wrong.add(writeRef(source.object))
  const sound = new Set<string>()
  for (const member of decision.graph.members) {
    const refs = refsOf(member)
    const culprits = refs.filter(ref => wrong.has(ref))
    if (member.sound) for (const ref of refs) sound.add(ref)
    // Of several that had a part in it, the one with the mistake; it may also be in the configuration.
    else for (const ref of culprits.length > 0 ? culprits : refs) broken.add(ref)
  }
  // It is in no tier at all, since that cannot be read.
  for (const ref of wrong) if (!sound.has(ref)) broken.add(ref)
  // It is sound, and yet there is no policy.
  for (const { code, source } of decision.problems)
    if (code === 'policy-too-large' && source.said === 'object') broken.add(writeRef(source.object))
  return broken
}

function refsOf({ key, said }: Member): string[] {
  return said.map(({ kind, name }) => writeRef({ kind, namespace: key.namespace, name }))
}

/** The objects with what was last good in the place of what is broken; nothing where there is nothing to put there. */
export function restore(
  objects: readonly Seen[],
  broken: ReadonlySet<string>,
  lastGood: LastGood,
): { readonly objects: readonly KubernetesObject[]; readonly restored: ReadonlySet<string> } | undefined {
  const restored = new Set<string>()
  const all = objects.flatMap(({ ref, object }): KubernetesObject[] => {
    const said = broken.has(writeRef(ref)) ? lastGood.get(writeRef(ref)) : undefined
    const former = said && object && withWords(object, said)
    if (former) restored.add(writeRef(ref))
    return former ? [former] : object ? [object] : []
  })
  return restored.size > 0 ? { objects: all, restored } : undefined
}

/** AppTiers that are not to be seen, since nobody serves them, as the policies remember them. */
export function rememberAppTiers(objects: readonly Seen[], lastGood: LastGood): readonly AppTierObject[] {
  const known = new Set(objects.map(({ ref }) => writeRef(ref)))
  return [...lastGood.values()]
    .filter(({ ref }) => ref.kind === 'AppTier' && !known.has(writeRef(ref)))
    .map(({ ref, partOf, spec }) => ({
      kind: 'AppTier',
      metadata: {
        name: ref.name,
        namespace: ref.namespace,
        labels: partOf === undefined ? {} : { [partOfLabel]: partOf },
        annotations: {},
        creationTimestamp: undefined,
        ownerReferences: [],
      },
      spec,
    }))
}

function withWords(entry: KubernetesObject, said: Said): KubernetesObject | undefined {
  if (entry.is === 'workload' && said.annotations) {
    const { object } = entry
    const former: Workload = { ...object, metadata: withFormer(object.metadata, said, said.annotations) }
    return same(former, object) ? undefined : { is: 'workload', object: former }
  }
  if (entry.is === 'appTier' && said.spec !== undefined) {
    const { object } = entry
    const former: AppTierObject = { ...object, metadata: withFormer(object.metadata, said, {}), spec: said.spec }
    return same(former, object) ? undefined : { is: 'appTier', object: former }
  }
  return undefined
}

function withFormer(metadata: Metadata, { partOf }: Said, words: Readonly<Record<string, string>>): Metadata {
  const { [partOfLabel]: _, ...labels } = metadata.labels
  const allowed = Object.entries(words).filter(([key]) => workloadAnnotations.includes(key))
  return {
    ...metadata,
    labels: partOf === undefined ? labels : { ...labels, [partOfLabel]: partOf },
    annotations: Object.fromEntries(allowed),
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
