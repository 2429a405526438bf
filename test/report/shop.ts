/** A shop of three tiers, and what the reports need to speak of it. */
import { readConfiguration } from '../../src/api/configuration.ts'
import { readPort } from '../../src/api/ports.ts'
import { decide } from '../../src/engine.ts'
import { readManifestText } from '../../src/manifests/manifests.ts'
import { answerQuestion } from '../../src/report/explain/index.ts'
import type { ExplainContext } from '../../src/report/explain/text.ts'
import { makeQuoter } from '../../src/report/quote.ts'
import { findSubject } from '../../src/report/world/find.ts'
import { buildWorld } from '../../src/report/world/index.ts'

export interface WorkloadText {
  readonly kind?: string
  /** The one label of its pods: its name, if not given. */
  readonly role?: string
  readonly namespace?: string
  readonly annotations?: Readonly<Record<string, string>>
  readonly ports?: readonly (number | string)[]
  readonly hostNetwork?: boolean
}

/** Ports are numbers, or `name:number`. */
export function workload(name: string, more: WorkloadText = {}): string {
  const {
    kind = 'Deployment',
    namespace = 'shop',
    role = name,
    annotations = {},
    ports = [],
    hostNetwork = false,
  } = more
  const lines = Object.entries(annotations).map(([key, value]) => `    tierwall.dev/${key}: ${JSON.stringify(value)}`)
  const containerPorts = ports.map(port => {
    const [label, number] = String(port).includes(':') ? String(port).split(':') : ['', String(port)]
    return `{${label ? `name: ${label}, ` : ''}containerPort: ${number}}`
  })
  return `---
apiVersion: apps/v1
kind: ${kind}
metadata:
  name: ${name}
  namespace: ${namespace}
  annotations:
${lines.join('\n')}
spec:
  selector: {matchLabels: {role: ${role}}}
  template:
    metadata: {labels: {role: ${role}}}
    spec:
      hostNetwork: ${hostNetwork}
      containers: [{name: main, ports: [${containerPorts.join(', ')}]}]
`
}

export function pod(
  name: string,
  more: { namespace?: string; labels?: string; ip?: string; phase?: string; ports?: string } = {},
): string {
  const { namespace = 'shop', labels = '{}', ip, phase = 'Running', ports = '[]' } = more
  return `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}}
spec: {containers: [{name: main, ports: ${ports}}]}
status: {phase: ${phase}${ip === undefined ? '' : `, podIP: "${ip}"`}}
`
}

export const threeTiers =
  workload('web', { annotations: { tier: 'web' }, ports: [80] }) +
  workload('api', { annotations: { tier: 'api', 'allow-from': 'web' }, ports: [5000] }) +
  workload('db', { kind: 'StatefulSet', annotations: { tier: 'db' }, ports: [3306] })

export function contextOf(yaml: string, configuration: unknown = {}): ExplainContext {
  const manifests = readManifestText('shop.yaml', yaml)
  const decision = decide(manifests.objects, readConfiguration(configuration).configuration)
  const { locate } = manifests
  return { world: buildWorld(decision), quote: makeQuoter(decision.snapshot, locate), locate }
}

export function find(text: string, { world }: ExplainContext, namespace = 'shop') {
  return findSubject(text, world, namespace)
}

export function ask(from: string, to: string, port: string | undefined, context: ExplainContext, namespace = 'shop') {
  const [source, destination] = [find(from, context, namespace), find(to, context, namespace)]
  if ('trouble' in source) throw new Error(source.trouble.message)
  if ('trouble' in destination) throw new Error(destination.trouble.message)
  const read = port === undefined ? undefined : readPort(port)
  if (read && 'fault' in read) throw new Error(read.fault.message)
  const question = { from: source.subject, to: destination.subject, ...(read ? { port: read.value } : {}) }
  const asked = answerQuestion(question, context.world)
  if ('trouble' in asked) throw new Error(asked.trouble.message)
  return asked.answer
}

export function judge(from: string, to: string, port: string | undefined, context: ExplainContext, namespace = 'shop') {
  return ask(from, to, port, context, namespace).judgement
}
