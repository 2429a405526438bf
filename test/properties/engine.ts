/** The engine as these tests use it: JSON in, policies and problems out; and the evaluator's answer over policies. */
import { readConfiguration } from '../../src/api/configuration.ts'
import { type KubernetesObject, type NetworkPolicy, readerOf } from '../../src/api/kubernetes.ts'
import type { Problem } from '../../src/api/problem.ts'
import { type Decision, decide, desiredPolicies } from '../../src/engine.ts'
import { allowedPorts, type End as EvaluatedEnd, indexPolicies } from '../../src/evaluate/index.ts'
import type { Probe } from './oracle.ts'
import { type End, protocols, type World } from './shapes.ts'
import { type Json, writeConfiguration, writeObjects } from './writing.ts'

export interface Wire {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly spec: Readonly<Record<string, unknown>>
}

export interface Rendered {
  readonly decision: Decision
  readonly policies: readonly Wire[]
  readonly problems: readonly Problem[]
}

/** What no reader takes is left out, as at the border. */
export function readObjects(objects: readonly Json[]): KubernetesObject[] {
  return objects.flatMap(json => {
    const read = readerOf(json.apiVersion, json.kind)?.(json)
    return read?.success ? [read.data] : []
  })
}

export function render(objects: readonly Json[], configuration: unknown = {}): Rendered {
  const decision = decide(readObjects(objects), readConfiguration(configuration).configuration)
  const policies: unknown = JSON.parse(JSON.stringify(desiredPolicies(decision).map(({ policy }) => policy)))
  return { decision, policies: policies as Wire[], problems: decision.problems }
}

export function renderWorld(world: World): Rendered {
  const { faults } = readConfiguration(writeConfiguration(world))
  if (faults.length > 0) throw new Error(`a sound configuration has faults: ${JSON.stringify(faults)}`)
  return render(writeObjects(world), writeConfiguration(world))
}

export function readPolicies(policies: readonly Wire[]): readonly NetworkPolicy[] {
  return policies.map(json => {
    const read = readerOf('networking.k8s.io/v1', 'NetworkPolicy')?.(json)
    if (read?.data?.is !== 'networkPolicy') throw new Error(`no NetworkPolicy: ${read?.error?.message}`)
    return read.data.object
  })
}

/** Which probes the policies let pass; an edge between probes is an error, since nobody asked for it. */
export function evaluatedReach(
  policies: readonly Wire[],
  world: World,
  probes: readonly Probe[],
): (from: End, to: End) => bigint {
  const index = indexPolicies(readPolicies(policies))
  const labelsOf = new Map(world.namespaces.map(({ name, labels }) => [name, labels]))
  const ends = new Map<End, EvaluatedEnd>()
  const endOf = (end: End): EvaluatedEnd => {
    const known = ends.get(end) ?? toEnd(end)
    ends.set(end, known)
    return known
  }
  const toEnd = (end: End): EvaluatedEnd =>
    'name' in end
      ? {
          is: 'pod',
          namespace: end.namespace,
          name: end.name,
          labels: end.labels,
          namespaceLabels: labelsOf.get(end.namespace) ?? {},
          ips: end.ips,
          hostNetwork: end.hostNetwork,
          ports: end.ports,
        }
      : { is: 'address', ip: end.ip }
  const known = new Set(probes.map(({ port }) => port))
  return (from, to) => {
    let bits = 0n
    for (const protocol of protocols)
      for (const [first, last] of allowedPorts(index, endOf(from), endOf(to), protocol)) {
        if (!known.has(first) || !known.has(last))
          throw new Error(`ports ${first}-${last}/${protocol} were never asked for`)
        for (const [place, probe] of probes.entries())
          if (probe.protocol === protocol && first <= probe.port && probe.port <= last) bits |= 1n << BigInt(place)
      }
    return bits
  }
}
