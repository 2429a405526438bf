/** Manifests in, one line for each finding of a check out: where, what, and what to do. */
import type { ProblemCode } from '../../src/api/problem.ts'
import { writeSource } from '../../src/api/source.ts'
import { lintDecision } from '../../src/lint/index.ts'
import { decideYaml, workload } from '../decide.ts'

export function findings(code: ProblemCode, text: string, configuration: unknown = {}): string[] {
  return lintAll(text, configuration).filter(line => line.startsWith(`${code} `))
}

export function lintAll(text: string, configuration: unknown = {}): string[] {
  return lintDecision(decideYaml(text, configuration)).map(({ code, source, message, fix }) => {
    const span = source.said === 'object' && source.span ? ` ${source.span.join('-')}` : ''
    return `${code} at ${writeSource(source)}${span}: ${message} => ${fix}`
  })
}

export function service(name: string, spec: object, namespace = 'shop'): string {
  return `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec })}\n`
}

export function namespace(name: string, labels: object = {}, annotations: object = {}): string {
  return `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } })}\n`
}

export function policy(name: string, spec: object, more: object = {}): string {
  const metadata = { name, namespace: 'shop', ...more }
  return `---\n${JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec })}\n`
}

export interface PodText {
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[]
  readonly hostNetwork?: boolean
  readonly status?: object
}

export function pod(name: string, more: PodText = {}): string {
  const { namespace = 'shop', labels = { app: name }, ownerReferences = [], hostNetwork = false, status = {} } = more
  const metadata = { name, namespace, labels, ownerReferences }
  return `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { hostNetwork, containers: [] }, status })}\n`
}

/** A Job or CronJob. */
export function batch(kind: 'Job' | 'CronJob', name: string, labels: object): string {
  const template = { metadata: { labels }, spec: { containers: [] } }
  const spec = kind === 'Job' ? { template } : { jobTemplate: { spec: { template } } }
  return `---\n${JSON.stringify({ apiVersion: 'batch/v1', kind, metadata: { name, namespace: 'shop' }, spec })}\n`
}

/** Three tiers as the presets have them. */
export function threeTiers(): string {
  return (
    workload('web', { tier: 'web' }, { ports: [80] }) +
    workload('api', { tier: 'api' }, { ports: [5000] }) +
    workload('db', { tier: 'db' }, { ports: [3306] })
  )
}
