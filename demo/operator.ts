/** `tierwall run` beside the cluster, as the ServiceAccount that config/default makes for it and with no other rights. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { pathOf } from '../src/cluster/index.ts'
import type { ControlPlane } from '../src/controlplane/index.ts'
import type { Processes } from '../src/controlplane/processes.ts'
import { operatorName, operatorNamespace } from '../src/install/names.ts'
import { operator } from '../src/live/resources.ts'
import { expectSoon, type Patience } from './wait.ts'

export interface OperatorOptions {
  readonly plane: ControlPlane
  readonly processes: Processes
  readonly folder: string
  /** What Node runs; the flags follow. */
  readonly program: readonly string[]
  readonly patience: Patience
}

/** A demo may be left open over a weekend. */
const tokenSeconds = 7 * 24 * 60 * 60

/** Until it holds its Lease. */
export async function startOperator({ plane, processes, folder, program, patience }: OperatorOptions): Promise<void> {
  const token = await plane.tokenFor({ namespace: operatorNamespace, name: operatorName, seconds: tokenSeconds })
  const kubeconfig = join(folder, 'operator.kubeconfig')
  await writeFile(kubeconfig, plane.kubeconfigFor({ token }), { mode: 0o600 })
  const quiet = ['--log-format', 'text', '--health', 'off', '--metrics', 'off']
  await processes.start('tierwall', process.execPath, [...program, '--kubeconfig', kubeconfig, ...quiet])
  await expectSoon(async () => {
    const holder = await readHolder(plane)
    return holder === undefined ? 'the operator still does not hold its Lease' : undefined
  }, patience)
}

const lease = z.object({ spec: z.object({ holderIdentity: z.string().min(1) }) })
const path = pathOf(
  { group: 'coordination.k8s.io', version: 'v1', plural: 'leases' },
  { namespace: operatorNamespace, name: operator.lease },
)

async function readHolder(plane: ControlPlane): Promise<string | undefined> {
  const { body } = await plane.request('GET', path)
  return lease.safeParse(body).data?.spec.holderIdentity
}
