/** What the tests of the evaluator share: policies through the border's reader, pods and ports from short spellings. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { type NetworkPolicy, readerOf } from '../../src/api/kubernetes.ts'
import { type End, evaluateFlow, indexPolicies, type PodEnd, type Target } from '../../src/evaluate/index.ts'

export const corpora = new URL('../corpora/', import.meta.url)

export function readCorpus<T extends z.ZodType>(path: string, schema: T): z.infer<T> {
  return schema.parse(readYaml(path))
}

export function readYaml(path: string): unknown {
  return parse(readFileSync(new URL(path, corpora), 'utf8'))
}

export function readPolicy(json: unknown): NetworkPolicy {
  const result = readerOf('networking.k8s.io/v1', 'NetworkPolicy')?.(json)
  if (result?.data?.is === 'networkPolicy') return result.data.object
  throw new Error(`no NetworkPolicy: ${result?.error?.message}`)
}

export function policyWith(spec: unknown, namespace = 'shop', name = 'policy'): NetworkPolicy {
  return readPolicy({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace, name }, spec })
}

/** `pod('shop/web', { labels: { app: 'web' } })` */
export function pod(place: string, details: Partial<PodEnd> = {}): PodEnd {
  const [namespace = '', name = ''] = place.split('/')
  const namespaceLabels = { 'kubernetes.io/metadata.name': namespace, ...details.namespaceLabels }
  return {
    is: 'pod',
    labels: {},
    ips: [],
    hostNetwork: false,
    ports: [],
    ...details,
    namespace,
    name,
    namespaceLabels,
  }
}

export function address(ip: string): End {
  return { is: 'address', ip }
}

export const protocols = ['TCP', 'UDP', 'SCTP'] as const

/** `TCP/80` */
export const writtenTarget = z.templateLiteral([z.enum(protocols), '/', z.number().int()])

export function targetOf(text: z.infer<typeof writtenTarget>): Target {
  const [protocol, port] = z.tuple([z.enum(protocols), z.coerce.number()]).parse(text.split('/'))
  return { port, protocol }
}

/** One question of a corpus and its answer. */
export const probeSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  port: writtenTarget,
  expect: z.enum(['allow', 'deny']),
})
type Probe = z.infer<typeof probeSchema>

export const labelsSchema = z.record(z.string(), z.string())
export const namespacesSchema = z.record(z.string(), labelsSchema)
export const portSchema = z.strictObject({ name: z.string(), containerPort: z.number(), protocol: z.enum(protocols) })

/** The same probes with the evaluator's answers. */
export function answered(
  probes: readonly Probe[],
  policies: readonly NetworkPolicy[],
  pods: readonly PodEnd[],
): readonly Probe[] {
  const index = indexPolicies(policies)
  return probes.map(probe => {
    const { allowed } = evaluateFlow(index, endNamed(probe.from, pods), endNamed(probe.to, pods), targetOf(probe.port))
    return { ...probe, expect: allowed ? 'allow' : 'deny' }
  })
}

/** The pod of that place, else an address outside the cluster. */
function endNamed(text: string, pods: readonly PodEnd[]): End {
  const found = pods.find(({ namespace, name }) => `${namespace}/${name}` === text)
  if (found === undefined && text.includes('/')) throw new Error(`no pod ${text}`)
  return found ?? address(text)
}

/** Pods of a corpus, with the labels that it gives their namespaces. */
export function podsIn(
  namespaces: z.infer<typeof namespacesSchema>,
  pods: Readonly<Record<string, Partial<PodEnd>>>,
): readonly PodEnd[] {
  return Object.entries(pods).map(([place, details]) => {
    const namespaceLabels = namespaces[place.split('/')[0] ?? '']
    if (namespaceLabels === undefined) throw new Error(`no namespace of ${place}`)
    return pod(place, { ...details, namespaceLabels })
  })
}
