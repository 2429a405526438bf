/** What Cilium's chart puts into a cluster for its agents, as far as anybody reads it: here the agent is no pod. */
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { readList } from '../../controlplane/read.ts'
import { connectCluster, eventually } from '../../operator/cluster.ts'
import type { PacketCluster } from '../fixture/index.ts'
import { nodeName } from '../fixture/network.ts'

export interface CiliumObjects {
  /** What its DaemonSet says of the node from now on, once it says so. */
  readonly tellReady: (ready: boolean) => Promise<void>
}

const namespace = 'kube-system'
const name = 'cilium'
const settings = 'cilium-config'
const identifying = { 'k8s-app': 'cilium' }
const labels = {
  ...identifying,
  'app.kubernetes.io/name': 'cilium-agent',
  'app.kubernetes.io/part-of': 'cilium',
}

/** For as long as the test runs. Its agents are ready at first. */
export async function applyCiliumObjects({ plane, agent }: PacketCluster): Promise<CiliumObjects> {
  const api = connectCluster(plane)
  const podsPath = `/api/v1/namespaces/${namespace}/pods`
  const listPods = async () => {
    const pods = await readList(plane, `${podsPath}?labelSelector=k8s-app%3Dcilium`, named)
    return pods.map(({ metadata }) => metadata.name)
  }
  await api.apply(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: settings }, data },
    makeDaemonSet(`quay.io/cilium/cilium:v${agent.version}`),
  )
  onTestFinished(async () => {
    await api.remove('DaemonSet', namespace, name)
    await api.remove('ConfigMap', namespace, settings)
    await eventually(async () => {
      const left = await listPods()
      for (const pod of left) await plane.request('DELETE', `${podsPath}/${pod}?gracePeriodSeconds=0`)
      if (left.length > 0) throw new Error(`${left} is still there`)
    })
  })
  const pod = await eventually(async () => {
    const [first] = await listPods()
    if (first === undefined) throw new Error('its controller has made no pod yet')
    return first
  }, 30_000)
  const target = { apiVersion: 'v1', kind: 'Node', name: nodeName }
  await plane.request('POST', `${podsPath}/${pod}/binding`, {
    body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: pod }, target },
  })
  const tellReady = async (ready: boolean) => {
    // Without an address: the agent does not look after it, and what waits for the agent does not wait for it.
    const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }]
    const headers = { 'content-type': 'application/merge-patch+json' }
    const body = { status: { phase: 'Running', conditions } }
    await plane.request('PATCH', `${podsPath}/${pod}/status`, { headers, body })
    await eventually(async () => {
      const { status } = daemonSet.parse(await api.get('DaemonSet', namespace, name))
      if (status.desiredNumberScheduled !== 1 || status.numberReady !== Number(ready))
        throw new Error(`its controller says ${JSON.stringify(status)}`)
    }, 30_000)
  }
  await tellReady(true)
  return { tellReady }
}

/** As the agent of the packet cluster runs. */
const data = {
  'cluster-name': 'default',
  'enable-ipv4': 'true',
  'enable-ipv6': 'false',
  'enable-k8s-networkpolicy': 'true',
  'enable-policy': 'default',
  'identity-allocation-mode': 'crd',
  ipam: 'kubernetes',
  'kube-proxy-replacement': 'false',
  'policy-audit-mode': 'false',
  'policy-cidr-match-mode': '',
  'routing-mode': 'native',
}

function makeDaemonSet(image: string): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace, name, labels },
    spec: {
      selector: { matchLabels: identifying },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name: 'cilium-agent', image, command: ['cilium-agent'], args: ['--config-dir=/tmp/cilium/config-map'] },
          ],
          hostNetwork: true,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          priorityClassName: 'system-node-critical',
          terminationGracePeriodSeconds: 1,
          tolerations: [{ operator: 'Exists' }],
        },
      },
    },
  }
}

const named = z.object({ metadata: z.object({ name: z.string() }) })
const daemonSet = z.object({
  status: z.object({ desiredNumberScheduled: z.number(), numberReady: z.number() }),
})
