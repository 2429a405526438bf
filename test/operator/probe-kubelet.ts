/**
 * Stands in for the kubelets and the network of a cluster, for the pods of a probe: it binds them to nodes, runs their
 * commands as they are, in their own order, and writes into their status what a kubelet would write.
 *
 * The commands are `/bin/sh -c SCRIPT …`, and all that the scripts call is `agnhost` and `sleep`, found by PATH. Whoever
 * has no image puts a program `agnhost` in front of the PATH that the container gives:
 *   agnhost serve-hostname --port=8080          listens until it is ended
 *   agnhost connect --timeout=2s ADDRESS:8080   ends with 0 if it got a connection, with 1 if not
 * Here `connect` reads from a file whether the network lets it through, which is worked out of the policies that the API
 * server has at that moment. Elsewhere it may try on real packets.
 */
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Client } from '../../src/controlplane/client.ts'

export interface FakeNetwork {
  /** Directions that it enforces; whatever else a policy says has no effect. */
  readonly enforces: readonly ('Ingress' | 'Egress')[]
  /** Milliseconds from a change of the policies until it tells. */
  readonly delay?: number
  /** Nothing gets through, whatever policies there are. */
  readonly broken?: boolean
  /** Once shut, for ever shut. */
  readonly sticks?: boolean
}

/** What becomes of the pods of one probe. */
export interface Behaviour {
  readonly network: FakeNetwork
  /** What becomes of a pod instead of being run. */
  readonly status?: (pod: FakePod) => object | undefined
  /** No scheduler finds a node. */
  readonly full?: boolean
  /** In place of the usual program of this name. */
  readonly agnhost?: string
}

export interface Kubelet {
  /** Every pod that it has seen, as the API server had it at first. */
  readonly pods: ReadonlyMap<string, FakePod>
  readonly stop: () => Promise<void>
}

const container = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
})

const pod = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.looseObject({ containers: z.array(container), initContainers: z.array(container).default([]) }),
})
export type FakePod = z.infer<typeof pod>
type FakeContainer = z.infer<typeof container>

const policy = z.object({
  metadata: z.object({ namespace: z.string() }),
  spec: z.object({
    podSelector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }),
    policyTypes: z.array(z.string()),
    ingress: z.array(z.unknown()).optional(),
    egress: z.array(z.unknown()).optional(),
  }),
})
type Policy = z.infer<typeof policy>

/** `exec /bin/sleep`: the `sleep` in front of it in PATH is a short one, so that tests need not wait. */
export const ordinaryAgnhost = `#!/bin/sh
case "$1" in
  serve-hostname) exec /bin/sleep 600 ;;
  connect) read -r code < "$NETWORK"; [ "$code" = 0 ] || echo TIMEOUT >&2; exit "$code" ;;
esac
exit 2
`

const query = 'labelSelector=app.kubernetes.io/name%3Dtierwall-probe'

/** Probes are told apart by their image, so that many can run at once; other images are left to other kubelets. */
export function startKubelet(plane: Pick<Client, 'request'>, behaviours: Readonly<Record<string, Behaviour>>): Kubelet {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-kubelet-'))
  const stopping = new AbortController()
  const pods = new Map<string, FakePod>()
  const lives = new Map<string, AbortController>()
  const runs: Promise<void>[] = []
  const hosts = new Map(
    Object.entries(behaviours).map(([image, behaviour], index) => {
      const bin = makeBin(join(folder, `bin-${index}`), behaviour)
      return [image, { bin, behaviour, network: watchNetwork(behaviour.network) }] as const
    }),
  )

  const turn = async () => {
    const seen = await list(plane, `/api/v1/pods?${query}`, pod)
    const policies = await list(plane, '/apis/networking.k8s.io/v1/networkpolicies', policy)
    for (const one of seen) {
      const { uid, namespace, name, deletionTimestamp } = one.metadata
      const host = hosts.get(one.spec.containers[0]?.image ?? '')
      if (!host) continue
      const file = join(folder, uid)
      writeFileSync(`${file}.new`, host.network.isShut(one, seen, policies) ? '1\n' : '0\n')
      renameSync(`${file}.new`, file)
      if (!pods.has(uid)) {
        pods.set(uid, one)
        const life = new AbortController()
        lives.set(uid, life)
        runs.push(runPod({ ...host, plane, pod: one, file, signal: life.signal, number: pods.size }))
      } else if (deletionTimestamp !== undefined) {
        lives.get(uid)?.abort()
        const body = { gracePeriodSeconds: 0, preconditions: { uid } }
        await plane.request('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`, { body })
      }
    }
  }
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await turn()
      await sleep(40)
    }
  })()
  return {
    pods,
    async stop() {
      stopping.abort()
      for (const life of lives.values()) life.abort()
      await Promise.allSettled([loop, ...runs])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function makeBin(bin: string, { agnhost = ordinaryAgnhost }: Behaviour): string {
  mkdirSync(bin)
  writeProgram(join(bin, 'agnhost'), agnhost)
  writeProgram(join(bin, 'sleep'), '#!/bin/sh\nexec /bin/sleep 0.25\n')
  return bin
}

function writeProgram(file: string, text: string): void {
  writeFileSync(file, text)
  chmodSync(file, 0o755)
}

async function list<T>(plane: Pick<Client, 'request'>, path: string, item: z.ZodType<T>): Promise<readonly T[]> {
  const { body } = await plane.request('GET', path)
  return z.object({ items: z.preprocess(value => value ?? [], z.array(item)) }).parse(body).items
}

/** Reads a policy as plainly as these are: a direction without a rule lets nothing through. */
function watchNetwork({ enforces, delay = 0, broken = false, sticks = false }: FakeNetwork) {
  const since = new Map<string, { readonly shut: boolean; readonly at: number }>()
  const told = new Map<string, boolean>()
  return {
    isShut(client: FakePod, pods: readonly FakePod[], policies: readonly Policy[]): boolean {
      const { uid, namespace } = client.metadata
      const server = pods.find(({ metadata }) => metadata.namespace === namespace && metadata.name === 'server')
      const denies = (direction: 'Ingress' | 'Egress', pod: FakePod | undefined) =>
        pod !== undefined &&
        enforces.includes(direction) &&
        policies.some(
          ({ metadata, spec }) =>
            metadata.namespace === namespace &&
            spec.policyTypes.includes(direction) &&
            (direction === 'Ingress' ? spec.ingress : spec.egress) === undefined &&
            Object.entries(spec.podSelector.matchLabels).every(([key, value]) => pod.metadata.labels[key] === value),
        )
      const shut = broken || denies('Ingress', server) || denies('Egress', client)
      if (since.get(uid)?.shut !== shut) since.set(uid, { shut, at: Date.now() })
      const isTold = Date.now() - (since.get(uid)?.at ?? 0) >= delay
      if (isTold && !(sticks && told.get(uid))) told.set(uid, shut)
      return told.get(uid) ?? broken
    },
  }
}

interface Run {
  readonly plane: Pick<Client, 'request'>
  readonly pod: FakePod
  readonly bin: string
  readonly file: string
  readonly signal: AbortSignal
  /** The last part of its address. */
  readonly number: number
  readonly behaviour: Behaviour
}

async function runPod(run: Run): Promise<void> {
  const { plane, pod, number, behaviour, signal } = run
  const { namespace, name } = pod.metadata
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`
  const write = async (status: object) => {
    const headers = { 'content-type': 'application/merge-patch+json' }
    await plane.request('PATCH', `${path}/status`, { headers, body: { status } })
  }
  if (behaviour.full) {
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are free' }
    return write({ conditions: [condition] })
  }
  const target = { apiVersion: 'v1', kind: 'Node', name: name === 'server' ? 'node-a' : 'node-b' }
  await plane.request('POST', `${path}/binding`, {
    body: { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target },
  })
  const instead = behaviour.status?.(pod)
  if (instead) return write(instead)
  const { initContainers, containers } = pod.spec
  const all = [...initContainers, ...containers]
  const states = new Map<string, object>(all.map(({ name }) => [name, { waiting: { reason: 'PodInitializing' } }]))
  const tell = (phase: string) => {
    const statuses = (of: readonly FakeContainer[]) =>
      of.map(({ name, image }) => ({
        ...{ name, image, imageID: '', ready: false, restartCount: 0 },
        state: states.get(name),
      }))
    const podIP = `10.244.0.${number}`
    return write({
      ...{ phase, podIP, podIPs: [{ ip: podIP }] },
      initContainerStatuses: statuses(initContainers),
      containerStatuses: statuses(containers),
    })
  }
  for (const [index, container] of all.entries()) {
    states.set(container.name, { running: { startedAt: new Date().toISOString() } })
    await tell(index < initContainers.length ? 'Pending' : 'Running')
    const { exitCode, message } = await runContainer(container, run)
    if (signal.aborted) return
    // As FallbackToLogsOnError has it.
    const said = exitCode === 0 ? {} : { message }
    const finishedAt = new Date().toISOString()
    states.set(container.name, {
      terminated: { exitCode, finishedAt, reason: exitCode ? 'Error' : 'Completed', ...said },
    })
    if (exitCode !== 0) return tell('Failed')
    await tell(index === all.length - 1 ? 'Succeeded' : 'Pending')
  }
}

function runContainer({ command, env }: FakeContainer, { bin, file, signal }: Run) {
  const [program = '', ...args] = command
  const given = Object.fromEntries(env.map(({ name, value }) => [name, value]))
  return new Promise<{ readonly exitCode: number; readonly message: string }>(resolve => {
    const child = spawn(program, args, {
      env: { ...given, PATH: `${bin}:${given.PATH}`, NETWORK: file },
      detached: true,
    })
    let message = ''
    child.stderr.on('data', text => {
      message = `${message}${text}`.slice(-2048)
    })
    const kill = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')
    signal.addEventListener('abort', kill)
    child.on('close', code => {
      signal.removeEventListener('abort', kill)
      resolve({ exitCode: code ?? 137, message })
    })
  })
}
