/** kubectl as a child process: of no cluster, or as the admin of a control plane. */
import { dirname } from 'node:path'
import { findKubectl } from '../../src/controlplane/binaries.ts'
import { needed } from '../needed.ts'
import type { Outcome } from '../program.ts'
import { runApart } from './program.ts'

export type Kubectl = (...args: readonly string[]) => Promise<Outcome>

export async function needKubectl(skip: (note: string) => never, kubeconfig = '/dev/null'): Promise<Kubectl> {
  const { kubectl } = needed(await findKubectl(), skip)
  return (...args) => runKubectl(kubectl, kubeconfig, args)
}

/** What it learns about a cluster goes with the cluster, so its cache is beside the kubeconfig. */
function runKubectl(file: string, kubeconfig: string, args: readonly string[]): Promise<Outcome> {
  return runApart(file, args, { home: dirname(kubeconfig), kubeconfig })
}

/** What it prints, where it goes well and says nothing besides. */
export async function outputOf(running: Promise<Outcome>): Promise<string> {
  const { code, stdout, stderr } = await running
  if (code !== 0 || stderr !== '') throw new Error(`kubectl ended with ${code}: ${stderr}`)
  return stdout
}
