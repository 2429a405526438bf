/** kubectl as a child process: of no cluster, or as the admin of a control plane. */
import { dirname } from 'node:path'
import { findKubectl } from '../../src/controlplane/binaries.ts'
import { type Outcome, runProgram } from './program.ts'

export type Kubectl = (...args: readonly string[]) => Promise<Outcome>

/** Without one, the test is skipped; in CI that is a failure. */
export async function needKubectl(skip: (note: string) => never, kubeconfig = '/dev/null'): Promise<Kubectl> {
  const found = await findKubectl()
  if ('kubectl' in found) return (...args) => runKubectl(found.kubectl, kubeconfig, args)
  if (process.env.CI === 'true') throw new Error(found.missing)
  return skip(found.missing)
}

/** What it learns about a cluster goes with the cluster, so its cache is beside the kubeconfig. */
function runKubectl(file: string, kubeconfig: string, args: readonly string[]): Promise<Outcome> {
  return runProgram(file, args, { home: dirname(kubeconfig), kubeconfig })
}

/** What it prints, where it goes well and says nothing besides. */
export async function outputOf(running: Promise<Outcome>): Promise<string> {
  const { code, stdout, stderr } = await running
  if (code !== 0 || stderr !== '') throw new Error(`kubectl ended with ${code}: ${stderr}`)
  return stdout
}
