/** What is built from the control plane's module: its servers, and kubectl by itself, since they start without it. */

export interface Program {
  readonly from: string
  /** Measured cold on two cores. */
  readonly takes: string
}

/** Built together, into one folder of the cache. */
export interface Batch {
  /** What a person calls them. */
  readonly what: string
  readonly folder: string
  readonly programs: Readonly<Record<string, Program>>
}

const servers = {
  etcd: { from: 'go.etcd.io/etcd/server/v3', takes: '40 seconds' },
  'kube-apiserver': { from: 'k8s.io/kubernetes/cmd/kube-apiserver', takes: '3 minutes' },
  'kube-controller-manager': { from: 'k8s.io/kubernetes/cmd/kube-controller-manager', takes: '1 minute' },
} as const satisfies Batch['programs']

export type ServerName = keyof typeof servers

export const serverBatch: Batch = { what: 'the control plane', folder: 'controlplane', programs: servers }

export const kubectlBatch: Batch = {
  what: 'kubectl',
  folder: 'kubectl',
  programs: { kubectl: { from: 'k8s.io/kubernetes/cmd/kubectl', takes: '90 seconds' } },
}
