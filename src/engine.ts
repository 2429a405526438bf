/** The pure pipeline in one place: objects and configuration in, decisions out. The command line and the operator call this. */
import type { Configuration } from './api/configuration.ts'
import type { KubernetesObject } from './api/kubernetes.ts'
import type { Problem } from './api/problem.ts'
import { writeSource } from './api/source.ts'
import { buildGraph, type Graph } from './graph/index.ts'
import { type Intent, readIntent } from './intent/index.ts'
import { gatherSnapshot, type Snapshot } from './intent/snapshot.ts'
import { type DesiredPolicy, type NamespacePolicies, renderPolicies } from './policy/index.ts'

export interface Decision {
  readonly snapshot: Snapshot
  readonly intent: Intent
  readonly graph: Graph
  /** Every namespace with tiers: also those in audit or off, where nothing is written. */
  readonly namespaces: readonly NamespacePolicies[]
  readonly problems: readonly Problem[]
}

export function decide(objects: readonly KubernetesObject[], configuration: Configuration): Decision {
  const snapshot = gatherSnapshot(objects, configuration)
  const intent = readIntent(snapshot)
  const graph = buildGraph(intent, snapshot)
  const { namespaces, problems } = renderPolicies(graph)
  return {
    snapshot,
    intent,
    graph,
    namespaces,
    problems: sortProblems([...intent.problems, ...graph.problems, ...problems]),
  }
}

/** What is to be in the cluster: the policies of the namespaces that are enforced. */
export function desiredPolicies({ namespaces }: Pick<Decision, 'namespaces'>): readonly DesiredPolicy[] {
  return namespaces.flatMap(({ intent, policies }) => (intent.isolation === 'enforce' ? policies : []))
}

export function sortProblems(problems: readonly Problem[]): Problem[] {
  const keyed = problems.map(problem => [keyOf(problem), problem] as const)
  return [...new Map(keyed)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem)
}

function keyOf({ source, code, message, fix }: Problem): string {
  const span = source.said === 'object' ? (source.span ?? []) : []
  return JSON.stringify([
    writeSource(source),
    ...span.map(offset => String(offset).padStart(6, '0')),
    code,
    message,
    fix,
  ])
}
