/** The objects of a probe: a namespace, a server, a client for each direction, and the deny that is tried on them. */
import { path, port, serve, tryUntil } from './commands.ts'
import type { Direction } from './probed.ts'

/** Its value says for how many seconds the probe may be at work. On whatever older namespace it stands, nobody is. */
export const probeLabel = 'tierwall.dev/probe'
/** The operator takes policies that it wrote itself, as `tierwall`, for its own, and would remove a deny that no tier asks for. */
export const fieldManager = 'tierwall-probe'
/** What runs when nobody names another image; why it is this one stands in docs/decisions. */
export const usualImage = 'registry.k8s.io/e2e-test-images/agnhost:2.53'

const name = 'tierwall-probe'
/** Nobody in particular: images that would run as root are refused to run at all. */
const user = 65532

export function makeNamespace(namespace: string, seconds: number) {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: {
        'app.kubernetes.io/name': name,
        [probeLabel]: String(seconds),
        'pod-security.kubernetes.io/enforce': 'restricted',
        // What a mesh puts beside a client connects for it, and by its own rules.
        'istio-injection': 'disabled',
      },
      annotations: { 'linkerd.io/inject': 'disabled' },
    },
  }
}

export type Role = 'server' | 'client'

const labelsOf = (role: Role) => ({ 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': role })

interface PodPlan {
  readonly image: string
  readonly seconds: number
}

export const serverName = 'server'
export const clientName = (direction: Direction) => `client-${direction}`

export function makeServer(plan: PodPlan) {
  const server = { ...containerOf('server', serve, plan), ports: [{ containerPort: port }] }
  return podOf(serverName, 'server', { containers: [server] }, plan)
}

/** One after the other in one pod, so that it is a living pod which loses its way and gets it back. */
export const steps = ['before', 'denied', 'after'] as const
export type Step = (typeof steps)[number]

export function makeClient(direction: Direction, address: string, plan: PodPlan) {
  const step = (step: Step) => containerOf(step, tryUntil(step === 'denied' ? 'shut' : 'reached', address), plan)
  const containers = { initContainers: [step('before'), step('denied')], containers: [step('after')] }
  return podOf(clientName(direction), 'client', containers, plan)
}

export const policyName = (direction: Direction) => `deny-${direction}`

/** Of ingress at the server, of egress at the client. */
export function makeDeny(direction: Direction) {
  const [type, role] = direction === 'ingress' ? (['Ingress', 'server'] as const) : (['Egress', 'client'] as const)
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: policyName(direction), labels: { 'app.kubernetes.io/name': name } },
    spec: { podSelector: { matchLabels: labelsOf(role) }, policyTypes: [type] },
  }
}

function podOf(pod: string, role: Role, containers: object, { seconds }: PodPlan) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod, labels: { ...labelsOf(role), 'sidecar.istio.io/inject': 'false' } },
    spec: {
      ...containers,
      restartPolicy: 'Never',
      activeDeadlineSeconds: seconds,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    },
  }
}

function containerOf(container: string, command: readonly string[], { image }: PodPlan) {
  return {
    name: container,
    image,
    command,
    env: [{ name: 'PATH', value: path }],
    // What it said last is then seen without the right to read logs.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { cpu: '200m', memory: '64Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  }
}
