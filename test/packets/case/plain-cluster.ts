/** What the oracle is told of the packet tests' cluster, whoever lives in it: DNS that answers as kube-dns, and all else as usual. */
import type { Port, World } from '../../properties/shapes.ts'

export const dnsLabels = { 'k8s-app': 'kube-dns' }

const dnsPorts = (['UDP', 'TCP'] as const).map((protocol): Port => ({ first: 53, last: 53, protocol }))

export const plainCluster: Pick<World, 'dns' | 'apiserver' | 'isolation' | 'clusterRanges' | 'named' | 'baseline'> = {
  dns: {
    objects: [],
    configuration: {},
    pods: [],
    answers: [{ pods: { namespace: 'kube-system', labels: dnsLabels }, ports: dnsPorts }],
  },
  apiserver: undefined,
  isolation: 'enforce',
  clusterRanges: [],
  named: {},
  baseline: { from: [], to: [] },
}
