/** What is built from the control plane's module: its servers, and kubectl by itself, since they start without it. */
import { moduleFolder } from './go.ts'

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
  /** Where their go.mod and go.sum are. */
  readonly module: string
  /** What the linker writes into them, given go.mod: variables by their full names. */
  readonly stamps: (goMod: string) => Readonly<Record<string, string>>
  readonly programs: Readonly<Record<string, Program>>
  /** Puts beside them what else of their sources they need; undefined, or why it cannot be had. */
  readonly complete?: (go: string, folder: string) => Promise<string | undefined>
}

const servers = {
  etcd: { from: 'go.etcd.io/etcd/server/v3', takes: '40 seconds' },
  'kube-apiserver': { from: 'k8s.io/kubernetes/cmd/kube-apiserver', takes: '3 minutes' },
  'kube-controller-manager': { from: 'k8s.io/kubernetes/cmd/kube-controller-manager', takes: '1 minute' },
} as const satisfies Batch['programs']

export type ServerName = keyof typeof servers

const kubernetes = { module: moduleFolder, stamps: stampVersion }

export const serverBatch: Batch = {
  what: 'the control plane',
  folder: 'controlplane',
  ...kubernetes,
  programs: servers,
}

export const kubectlBatch: Batch = {
  what: 'kubectl',
  folder: 'kubectl',
  ...kubernetes,
  programs: { kubectl: { from: 'k8s.io/kubernetes/cmd/kubectl', takes: '90 seconds' } },
}

/** Without them the server calls itself v0.0.0, and clients that ask for its version go wrong. */
function stampVersion(goMod: string): Readonly<Record<string, string>> {
  const [, version = '', major = '', minor = ''] = /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\S+)/.exec(goMod) ?? []
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`k8s.io/component-base/version.${name}`, value]),
  )
}
