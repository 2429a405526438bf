/**
 * A kubelet for the pods of a probe on a network that is none: `agnhost connect` reads from a file whether it gets
 * through, which is worked out of the policies that the API server has at that moment. `sleep` is a short one.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { type Plane, readList } from '../controlplane/read.ts'
import { type Host, type Kubelet, type Pod, startKubelet, writePrograms } from './kubelet/index.ts'

export type { Kubelet, Pod } from './kubelet/index.ts'

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
  readonly status?: (pod: Pod) => object | undefined
  /** No scheduler finds a node. */
  readonly full?: boolean
  /** In place of the usual program of this name. */
  readonly agnhost?: string
}

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
const shortSleep = '#!/bin/sh\nexec /bin/sleep 0.25\n'

/** Probes are told apart by their image, so that many can run at once; other images are left to other kubelets. */
export function startFakeKubelet(plane: Plane, behaviours: Readonly<Record<string, Behaviour>>): Kubelet {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-kubelet-'))
  const fileOf = ({ metadata }: Pod) => join(folder, metadata.uid)
  const addresses = countAddresses()
  const hosts = new Map(
    Object.entries(behaviours).map(([image, behaviour], index) => {
      const { agnhost = ordinaryAgnhost, full = false, status } = behaviour
      const host: Host = {
        place: ({ metadata }) =>
          full ? { full: '0/3 nodes are free' } : metadata.name === 'server' ? 'node-a' : 'node-b',
        bin: writePrograms(join(folder, `bin-${index}`), { agnhost, sleep: shortSleep }),
        status,
        join: async pod => ({
          address: addresses(),
          enter: command => command,
          env: { NETWORK: fileOf(pod) },
          leave: async () => {},
        }),
      }
      return [image, { host, network: watchNetwork(behaviour.network) }] as const
    }),
  )
  const find = ({ spec }: Pod) => hosts.get(spec.containers[0]?.image ?? '')
  const kubelet = startKubelet({
    plane,
    hostOf: pod => find(pod)?.host,
    async see(pods) {
      const policies = await readList(plane, '/apis/networking.k8s.io/v1/networkpolicies', policy)
      for (const pod of pods) {
        const network = find(pod)?.network
        if (!network) continue
        const file = fileOf(pod)
        writeFileSync(`${file}.new`, network.isShut(pod, pods, policies) ? '1\n' : '0\n')
        renameSync(`${file}.new`, file)
      }
    },
  })
  return {
    pods: kubelet.pods,
    async stop() {
      await kubelet.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function countAddresses(): () => string {
  let last = 0
  return () => `10.244.0.${++last}`
}

/** Reads a policy as plainly as these are: a direction without a rule lets nothing through. */
function watchNetwork({ enforces, delay = 0, broken = false, sticks = false }: FakeNetwork) {
  const since = new Map<string, { readonly shut: boolean; readonly at: number }>()
  const told = new Map<string, boolean>()
  return {
    isShut(client: Pod, pods: readonly Pod[], policies: readonly Policy[]): boolean {
      const { uid, namespace } = client.metadata
      const server = pods.find(({ metadata }) => metadata.namespace === namespace && metadata.name === 'server')
      const denies = (direction: 'Ingress' | 'Egress', pod: Pod | undefined) =>
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
