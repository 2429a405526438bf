/** Annotated workloads and AppTiers → the tiers' members. Field by field the nearest wins: annotation, AppTier, preset. */
import { annotation } from '../api/annotations.ts'
import type { Configuration, ConfiguredPeer } from '../api/configuration.ts'
import type { ContainerPort, LabelSelector, Pod, PodSpec, Workload } from '../api/kubernetes.ts'
import type { Port } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { impliesSelector, isEmptySelector, matchesLabels } from '../api/selector.ts'
import { type ObjectRef, sourceAt, writeRef } from '../api/source.ts'
import { type AnnotatedWorkload, type AnnotationReading, annotationPath } from './annotations.ts'
import type { AppTierIntent } from './apptiers.ts'
import { presetFrom, presetPorts } from './presets.ts'
import { refOf } from './snapshot.ts'
import { type Field, type Member, type PeerEntry, type Template, writeKey } from './tier.ts'

export interface ReadWorkload extends AnnotationReading {
  readonly workload: Workload
}

export function gatherMembers(
  workloads: readonly ReadWorkload[],
  appTiers: ReadonlyMap<string, AppTierIntent>,
  configuration: Configuration,
): { members: readonly Member[]; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const members: Member[] = []
  const byNamespace = Map.groupBy(workloads, ({ workload }) => workload.metadata.namespace ?? '')
  const covered = new Set<ReadWorkload>()
  for (const appTier of appTiers.values()) {
    if (!appTier.selector) continue
    const { selector } = appTier
    const inside = (byNamespace.get(appTier.ref.namespace) ?? []).filter(({ workload }) => covers(selector, workload))
    members.push(memberOfAppTier(appTier, selector, inside, configuration))
    for (const entry of inside) {
      const own = entry.tier === undefined || writeKey(entry.tier.key) === writeKey(appTier.key)
      if (!own) continue
      covered.add(entry)
      problems.push(...annotationsOnCovered(entry, appTier.ref))
    }
  }
  for (const entry of workloads) {
    if (covered.has(entry)) continue
    if (entry.tier) {
      const member = memberOfWorkload(entry.tier, appTiers.get(writeKey(entry.tier.key)), configuration, problems)
      if (member) members.push(member)
    } else problems.push(...annotationsWithoutTier(entry))
  }
  return { members, problems }
}

/** Labels of the template do not count: the pods of older ReplicaSets live on. */
function covers(selector: LabelSelector, workload: Workload): boolean {
  return (
    workload.selector !== undefined &&
    !isEmptySelector(workload.selector) &&
    impliesSelector(workload.selector, selector)
  )
}

export function templateOf(workload: Workload): Template {
  const { metadata, spec } = workload.template
  return { workload: refOf(workload), labels: metadata.labels, hostNetwork: spec.hostNetwork, ports: portsOfPods(spec) }
}

export function templateOfPod(pod: Pod): Template {
  const { metadata, spec } = pod
  return { workload: refOf(pod), labels: metadata.labels, hostNetwork: spec.hostNetwork, ports: portsOfPods(spec) }
}

/** Init containers that keep running (sidecars) serve as the others do. */
function portsOfPods({ containers, initContainers }: PodSpec): ContainerPort[] {
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')
  return [...containers, ...sidecars].flatMap(({ ports }) => ports)
}

function memberOfAppTier(
  appTier: AppTierIntent,
  selector: LabelSelector,
  inside: readonly ReadWorkload[],
  configuration: Configuration,
): Member {
  const { ref, key } = appTier
  return {
    ref,
    key,
    because: sourceAt(ref, ['spec', 'selector']),
    selector,
    templates: inside.map(({ workload }) => templateOf(workload)),
    ports: appTier.ports ?? presetPorts(key.tier),
    from: withBaseline(appTier.from ?? presetFrom(key.tier), configuration.baseline.from),
    to: withBaseline(appTier.to ?? nobody, configuration.baseline.to),
    said: [appTier.said],
    sound: appTier.sound,
  }
}

const nobody: Field<readonly PeerEntry[]> = { is: 'unsaid', value: [] }

interface Made {
  readonly configuration: Configuration
  readonly member: Member
}

/** Most workloads speak for themselves alone, and are asked again whenever one of their neighbours is new. */
const made = new WeakMap<AnnotatedWorkload, Made>()

function memberOfWorkload(
  own: AnnotatedWorkload,
  appTier: AppTierIntent | undefined,
  configuration: Configuration,
  problems: Problem[],
): Member | undefined {
  const known = appTier ? undefined : made.get(own)
  if (known?.configuration === configuration) return known.member
  const found: Problem[] = []
  const member = makeMember(own, appTier, configuration, found)
  problems.push(...found)
  if (member && !appTier && found.length === 0) made.set(own, { configuration, member })
  return member
}

function makeMember(
  own: AnnotatedWorkload,
  appTier: AppTierIntent | undefined,
  configuration: Configuration,
  problems: Problem[],
): Member | undefined {
  const { workload, ref, key } = own
  const selector = workload.selector
  if (!selector || isEmptySelector(selector)) {
    problems.push(
      problemAt(
        sourceAt(ref, ['spec', 'selector']),
        'object-invalid',
        'the workload has no selector',
        'give spec.selector the labels of its pods',
      ),
    )
    return undefined
  }
  const sound = matchesLabels(selector, workload.template.metadata.labels)
  if (!sound)
    problems.push(
      problemAt(
        sourceAt(ref, ['spec', 'selector']),
        'object-invalid',
        "the selector does not match the pod template's labels",
        'make spec.selector and spec.template.metadata.labels agree',
      ),
    )
  const ports = own.ports ?? appTier?.ports ?? presetPorts(key.tier)
  const from = own.from ?? appTier?.from ?? presetFrom(key.tier)
  const to = own.to ?? appTier?.to ?? nobody
  return {
    ref,
    key,
    because: own.because,
    selector,
    templates: [templateOf(workload)],
    ports,
    from: withBaseline(from, configuration.baseline.from),
    to: withBaseline(to, configuration.baseline.to),
    said: appTier ? [own.said, appTier.said] : [own.said],
    sound: sound && own.sound && (appTier?.sound ?? true),
  }
}

function withBaseline(
  field: Field<readonly PeerEntry[]>,
  baseline: readonly ConfiguredPeer[],
): Field<readonly PeerEntry[]> {
  if (field.is === 'broken' || baseline.length === 0) return field
  const entries = baseline.map(({ peer, ports, path }): PeerEntry => {
    const because = { said: 'configuration', path: ['baseline', ...path.slice(1)] } as const
    return { peer, ...(ports ? { ports } : {}), because, origin: 'baseline' }
  })
  return { ...field, value: [...field.value, ...entries] }
}

function annotationsOnCovered({ workload, besides }: ReadWorkload, appTier: ObjectRef): Problem[] {
  const ref = refOf(workload)
  return besides.map(key =>
    problemAt(
      sourceAt(ref, annotationPath(key)),
      'annotation-on-covered',
      `${writeRef(appTier)} selects these pods, so ${key} cannot hold for this workload alone`,
      `say it in the AppTier, or take its selector away`,
    ),
  )
}

function annotationsWithoutTier({ workload, besides, problems }: ReadWorkload): Problem[] {
  if (problems.length > 0) return []
  const ref = refOf(workload)
  return besides.map(key =>
    problemAt(
      sourceAt(ref, annotationPath(key)),
      'annotation-without-tier',
      `${key} stands without ${annotation.tier}`,
      `add ${annotation.tier}, or take ${key} away`,
    ),
  )
}

export function portsOf(field: Field<readonly Port[]>): readonly Port[] {
  return field.is === 'broken' ? [] : field.value
}

export function entriesOf(field: Field<readonly PeerEntry[]>): readonly PeerEntry[] {
  return field.is === 'broken' ? [] : field.value
}
