/** YAML as a person writes it → the engine's decision, for tests. */
import { parseAllDocuments } from 'yaml'
import { readConfiguration } from '../src/api/configuration.ts'
import { type KubernetesObject, readerOf } from '../src/api/kubernetes.ts'
import { type Decision, decide, desiredPolicies } from '../src/engine.ts'
import type { WirePolicy } from '../src/policy/wire.ts'

export function readYaml(text: string): KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter(json => json !== null)
    .map(readJson)
}

export function readJson(json: unknown): KubernetesObject {
  const { apiVersion, kind } = json as { apiVersion: unknown; kind: unknown }
  const read = readerOf(apiVersion, kind)?.(json)
  if (!read) throw new Error(`nobody reads ${apiVersion} ${kind}`)
  if (!read.success) throw read.error
  return read.data
}

export function decideYaml(text: string, configuration: unknown = {}): Decision {
  return decide(readYaml(text), readConfiguration(configuration).configuration)
}

/** The policies that are to be in the cluster, by `namespace/name`. */
export function policiesOf(decision: Decision): ReadonlyMap<string, WirePolicy> {
  return new Map(
    desiredPolicies(decision).map(({ policy }) => [`${policy.metadata.namespace}/${policy.metadata.name}`, policy]),
  )
}

export interface WorkloadText {
  readonly kind?: string
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly selector?: Readonly<Record<string, string>>
  readonly template?: Readonly<Record<string, string>>
  readonly ports?: readonly (number | { readonly name: string; readonly containerPort: number })[]
}

/** A workload with Tierwall's annotations, their keys without the prefix. */
export function workload(name: string, annotations: Readonly<Record<string, string>>, more: WorkloadText = {}): string {
  const { kind = 'Deployment', namespace = 'shop', labels = {}, selector = { app: name }, ports = [] } = more
  return `---\n${JSON.stringify({
    apiVersion: 'apps/v1',
    kind,
    metadata: {
      name,
      namespace,
      labels,
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [`tierwall.dev/${key}`, value]),
      ),
    },
    spec: {
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: { ...selector, ...more.template } },
        spec: {
          containers: [{ ports: ports.map(port => (typeof port === 'number' ? { containerPort: port } : port)) }],
        },
      },
    },
  })}\n`
}

export function appTier(name: string, spec: object, namespace = 'shop'): string {
  return `---\n${JSON.stringify({ apiVersion: 'tierwall.dev/v1alpha1', kind: 'AppTier', metadata: { name, namespace }, spec })}\n`
}

/** `code: message` of each problem, in order. */
export function problemsOf(decision: Decision): string[] {
  return decision.problems.map(({ code, message }) => `${code}: ${message}`)
}
