/**
 * Stands in for the kubelets of a cluster, for the pods of a probe: it binds them to nodes, runs their commands as they
 * are, in their own order, and writes into their status what a kubelet would write. Deleted ones it ends.
 *
 * The commands are `/bin/sh -c SCRIPT …`, and all that the scripts call is `agnhost` and `sleep`, found by PATH. Whoever
 * has no image puts a program `agnhost` in front of the PATH that the container gives:
 *   agnhost serve-hostname --port=8080          listens until it is ended
 *   agnhost connect --timeout=2s ADDRESS:8080   ends with 0 if it got a connection, with 1 if not
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Plane } from '../../controlplane/read.ts'
import type { Host } from './host.ts'
import { listPods, type Pod } from './pod.ts'
import { runPod } from './run-pod.ts'

export type { Host, Network } from './host.ts'
export type { Pod } from './pod.ts'
export { writePrograms } from './programs.ts'

export interface KubeletOptions {
  readonly plane: Plane
  /** None: the pod is left to other kubelets. */
  readonly hostOf: (pod: Pod) => Host | undefined
  /** Told all pods that there are, before anything is done about them. */
  readonly see?: (pods: readonly Pod[]) => Promise<void>
}

export interface Kubelet {
  /** Every pod that it has seen, as the API server had it at first. */
  readonly pods: ReadonlyMap<string, Pod>
  readonly stop: () => Promise<void>
}

interface Life {
  readonly ending: AbortController
  readonly run: Promise<void>
  /** Its object is being deleted. */
  removal?: Promise<void>
}

/** Milliseconds. */
const pause = 40

export function startKubelet({ plane, hostOf, see }: KubeletOptions): Kubelet {
  const stopping = new AbortController()
  const pods = new Map<string, Pod>()
  const lives = new Map<string, Life>()

  const begin = (pod: Pod, host: Host) => {
    const ending = new AbortController()
    pods.set(pod.metadata.uid, pod)
    lives.set(pod.metadata.uid, { ending, run: runPod({ plane, host, pod, signal: ending.signal }) })
  }
  const turn = async () => {
    const seen = await listPods(plane)
    await see?.(seen)
    for (const pod of seen) {
      const host = hostOf(pod)
      const life = lives.get(pod.metadata.uid)
      if (host && !life) begin(pod, host)
      if (life && pod.metadata.deletionTimestamp !== undefined) life.removal ??= end(plane, pod, life)
    }
  }
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await turn()
      await sleep(pause)
    }
  })()
  return {
    pods,
    async stop() {
      stopping.abort()
      for (const { ending } of lives.values()) ending.abort()
      await Promise.all([loop, ...[...lives.values()].flatMap(({ run, removal }) => [run, removal])])
    },
  }
}

async function end(plane: Plane, { metadata }: Pod, { ending, run }: Life): Promise<void> {
  const { uid, namespace, name } = metadata
  ending.abort()
  await run
  const body = { gracePeriodSeconds: 0, preconditions: { uid } }
  await plane.request('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`, { body })
}
