/** Flux's kustomize-controller as a process of its own, with the rights that Flux gives it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serveCustomResource } from '../../src/controlplane/customresources.ts'
import type { ControlPlane } from '../../src/controlplane/index.ts'
import { keepProcesses } from '../../src/controlplane/processes.ts'
import { readDefinitions } from './definitions.ts'

export const home = 'flux-system'
const account = { namespace: home, name: 'kustomize-controller' }

const rbac = 'rbac.authorization.k8s.io'
const installation = [
  ['/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: home } }],
  [
    `/api/v1/namespaces/${home}/serviceaccounts`,
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account.name } },
  ],
  [
    `/apis/${rbac}/v1/clusterrolebindings`,
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'cluster-reconciler' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', ...account }],
    },
  ],
] as const

const flags = [
  '--metrics-addr=0',
  '--health-addr=0',
  '--requeue-dependency=1s',
  '--http-retry=0',
  '--interval-jitter-percentage=0',
]

export interface Controller {
  /** The end of its log. */
  readonly readLog: () => string
  readonly stop: () => Promise<void>
}

/** `folder` has the program; `keeps` becomes its own, and is gone with it. */
export async function startController(plane: ControlPlane, folder: string, keeps: string): Promise<Controller> {
  for (const [path, body] of installation) {
    const { status, body: answer } = await plane.request('POST', path, { body })
    if (status !== 201) throw new Error(`${path}: ${JSON.stringify(answer)}`)
  }
  const processes = keepProcesses(keeps)
  for (const definition of readDefinitions(folder)) await serveCustomResource(plane, definition, processes.signal)
  const kubeconfig = join(keeps, 'kubeconfig')
  await writeFile(kubeconfig, plane.kubeconfigFor({ token: await plane.tokenFor(account) }), { mode: 0o600 })
  const variables = { KUBECONFIG: kubeconfig, RUNTIME_NAMESPACE: home, TMPDIR: keeps, HOME: keeps }
  await processes.start('kustomize-controller', '/usr/bin/env', [
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    join(folder, 'kustomize-controller'),
    ...flags,
  ])
  return { readLog: processes.readLogs, stop: processes.stop }
}
