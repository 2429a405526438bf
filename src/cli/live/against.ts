/** Everything that `tierwall plan --against` tells: a cluster that has settled on some manifests, and what others change in it. */
import type { Configuration } from '../../api/configuration.ts'
import type { KubernetesObject } from '../../api/kubernetes.ts'
import { sortProblems } from '../../engine.ts'
import type { ReadPolicy } from '../../live/seen-policy.ts'
import { dnsNamespaces } from '../../live/shared.ts'
import type { Manifests } from '../../manifests/index.ts'
import { sameSpec } from '../../plan/index.ts'
import type { WirePolicy } from '../../policy/wire.ts'
import { countProblems, writeCount } from '../../report/problems/index.ts'
import type { Trouble } from '../../report/world/name.ts'
import { readBack } from '../../report/world/policies.ts'
import { readConfigurationFile } from '../configuration.ts'
import { readManifestsOf } from '../input.ts'
import { lookAtReading } from './look.ts'
import type { LiveOptions } from './options.ts'
import { layOver, namespaceNamed } from './overlay.ts'
import { planChanges } from './planned.ts'
import type { Reading } from './read.ts'
import type { MadeReport } from './report.ts'

export interface AgainstOptions extends LiveOptions {
  readonly filename: string[]
  readonly against: string[]
}

export async function makeReportAgainst({
  filename,
  against,
  config,
  namespace = 'default',
}: AgainstOptions): Promise<MadeReport | { readonly trouble: Trouble }> {
  if (filename.includes('-') && against.includes('-'))
    return { trouble: { message: 'stdin cannot hold both sides', fix: 'put one of them in files' } }
  const former = await readManifestsOf({ filename: against, namespace, mayBeEmpty: true })
  if ('trouble' in former) return former
  const files = await readManifestsOf({ filename, namespace, mayBeEmpty: true })
  if ('trouble' in files) return files
  const configured = await readConfigurationFile(config)
  const { manifests } = files
  const locate: MadeReport['locate'] = source =>
    source.said === 'configuration' ? configured.locate(source) : manifests.locate(source)
  const report = compareManifests(former.manifests, manifests, configured.configuration, locate)
  const problems = sortProblems([...configured.problems, ...manifests.problems, ...report.problems])
  return {
    report: { ...report, problems },
    locate,
    notes: notesOn(former.manifests),
    failed: problems.some(({ severity }) => severity === 'error'),
  }
}

function compareManifests(
  former: Manifests,
  next: Manifests,
  configuration: Configuration,
  locate: MadeReport['locate'],
): MadeReport['report'] {
  const standing = readingOf(former.objects, configuration)
  // A namespace does not go with the last file that speaks of it.
  const names = standing.objects.filter(({ ref }) => ref.kind === 'Namespace').map(({ ref }) => ref.name)
  const known = next.objects.flatMap(({ is, object }) => (is === 'namespace' ? object.metadata.name : []))
  const staying = names.filter(name => !known.includes(name)).map(namespaceNamed)
  const settled = desiredIn(standing, configuration).map(asWritten)
  const look = (reading: Reading) =>
    lookAtReading({ ...reading, policies: [...reading.policies, ...settled] }, configuration)
  const coming = readingOf([...staying, ...next.objects], configuration)
  return planChanges({ before: look(standing), after: look(coming), namespace: undefined, locate })
}

/** Manifests have no times, so all of them are of one. */
const once = '1970-01-01T00:00:00Z'

/** As if they were applied to an empty cluster. */
function readingOf(objects: readonly KubernetesObject[], configuration: Configuration): Reading {
  const names = objects.flatMap(({ is, object }) => (is === 'namespace' ? object.metadata.name : []))
  const nothing: Reading = {
    objects: [],
    shared: [],
    sharedIn: [...dnsNamespaces(configuration, names), 'default'],
    policies: [],
    servesAppTiers: true,
    pods: [],
    refused: [],
  }
  const { reading } = layOver(nothing, objects, once)
  return { ...reading, policies: withoutRendered(reading, configuration) }
}

/**
 * What was rendered and put beside the manifests is what Tierwall writes. Only while it says the same: whatever else stands
 * under our names is somebody else's, and lets through what it says.
 */
function withoutRendered(reading: Reading, configuration: Configuration): readonly ReadPolicy[] {
  const desired = desiredIn({ ...reading, policies: [] }, configuration)
  const rendered = new Map(desired.map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec]))
  return reading.policies.filter(({ namespace, name, spec }) => {
    const same = rendered.get(`${namespace}/${name}`)
    return same === undefined || !sameSpec(spec, same)
  })
}

function desiredIn(reading: Reading, configuration: Configuration): readonly WirePolicy[] {
  const { targets } = lookAtReading(reading, configuration).outlook
  return targets.flatMap(({ desired, untouched }) => (untouched ? [] : desired))
}

function asWritten(policy: WirePolicy): ReadPolicy {
  const { name, namespace, labels, annotations } = policy.metadata
  const state = { ours: true, terminating: false, finalizers: [], ownerReferences: [] }
  return {
    ...state,
    uid: name,
    resourceVersion: '1',
    name,
    namespace,
    labels,
    annotations,
    spec: readBack(policy).spec,
  }
}

/** Mistakes of what stands there already are not this change's to answer for, but what they are about is missing. */
function notesOn({ problems }: Manifests): readonly string[] {
  const errors = problems.filter(({ severity }) => severity === 'error')
  return errors.length === 0
    ? []
    : [`what it is compared with cannot be read in full: ${writeCount(countProblems(errors))}`]
}
