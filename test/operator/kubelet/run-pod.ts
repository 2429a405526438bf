/** The life of one pod: bound, joined to its network, its containers one after the other, and parted again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Plane } from '../../controlplane/read.ts'
import type { Host, Network } from './host.ts'
import type { Container, Pod } from './pod.ts'
import { runContainer } from './run-container.ts'

export interface Run {
  readonly plane: Plane
  readonly host: Host
  readonly pod: Pod
  /** Ends it. */
  readonly signal: AbortSignal
}

export async function runPod(run: Run): Promise<void> {
  const { plane, host, pod } = run
  const place = host.place(pod)
  if (typeof place === 'object') {
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: place.full }
    return writeStatus(run, { conditions: [condition] })
  }
  const target = { apiVersion: 'v1', kind: 'Node', name: place }
  await plane.request('POST', `${pathOf(pod)}/binding`, {
    body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: pod.metadata.name }, target },
  })
  const instead = host.status?.(pod)
  if (instead) return writeStatus(run, instead)
  const network = await join(run)
  if (!network) return
  try {
    await runContainers(run, network)
  } finally {
    await network.leave()
  }
}

/** Milliseconds. A kubelet waits from ten to fifteen seconds. */
const untilNextTry = 15_000

async function join({ plane, host, pod, signal }: Run): Promise<Network | undefined> {
  const { namespace, name, uid } = pod.metadata
  while (!signal.aborted) {
    try {
      return await host.join(pod)
    } catch (error) {
      const message = `Failed to create pod sandbox: ${error instanceof Error ? error.message : error}`
      const involvedObject = { kind: 'Pod', namespace, name, uid }
      const event = { type: 'Warning', reason: 'FailedCreatePodSandBox', message, involvedObject }
      await plane.request('POST', `/api/v1/namespaces/${namespace}/events`, {
        body: { metadata: { generateName: `${name}.` }, ...event },
      })
    }
    await sleep(untilNextTry, undefined, { signal }).catch(() => undefined)
  }
  return undefined
}

async function runContainers(run: Run, network: Network): Promise<void> {
  const { host, pod, signal } = run
  const { initContainers, containers } = pod.spec
  const all = [...initContainers, ...containers]
  const states = new Map<string, object>(all.map(({ name }) => [name, { waiting: { reason: 'PodInitializing' } }]))
  const tell = (phase: string) => {
    const statuses = (of: readonly Container[]) =>
      of.map(({ name, image }) => ({
        ...{ name, image, imageID: '', ready: false, restartCount: 0 },
        state: states.get(name),
      }))
    return writeStatus(run, {
      ...{ phase, podIP: network.address, podIPs: [{ ip: network.address }] },
      initContainerStatuses: statuses(initContainers),
      containerStatuses: statuses(containers),
    })
  }
  for (const [index, container] of all.entries()) {
    states.set(container.name, { running: { startedAt: new Date().toISOString() } })
    await tell(index < initContainers.length ? 'Pending' : 'Running')
    if (signal.aborted) return
    const { exitCode, message } = await runContainer(container, host.bin, network, signal)
    if (signal.aborted) return
    await host.ended?.(pod, container)
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

async function writeStatus({ plane, pod }: Run, status: object): Promise<void> {
  const headers = { 'content-type': 'application/merge-patch+json' }
  await plane.request('PATCH', `${pathOf(pod)}/status`, { headers, body: { status } })
}

function pathOf({ metadata: { namespace, name } }: Pod): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`
}
