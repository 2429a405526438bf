/** The real Helm as a child process, built as the control plane is: of no cluster, or as the admin of one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { findBuilt } from '../../src/controlplane/build.ts'
import type { Batch } from '../../src/controlplane/programs.ts'
import { needed } from '../needed.ts'
import type { Outcome } from '../program.ts'
import { runApart } from './program.ts'

export type Helm = (...args: readonly string[]) => Promise<Outcome>

const batch: Batch = {
  what: 'Helm',
  folder: 'helm',
  module: join(import.meta.dirname, 'helm'),
  stamps: goMod => ({ 'helm.sh/helm/v4/internal/version.version': versionOf(goMod) }),
  programs: { helm: { from: 'helm.sh/helm/v4/cmd/helm', takes: '3 minutes' } },
}

const versionOf = (goMod: string) => /helm\.sh\/helm\/v4 (v\S+)/.exec(goMod)?.[1] ?? ''

/** Before the first test of a file, since building takes longer than a test may. */
export function buildHelmFirst(): void {
  beforeAll(() => findBuilt(batch), 20 * 60_000)
}

export async function needHelm(skip: (note: string) => never, kubeconfig = '/dev/null'): Promise<Helm> {
  const { folder } = needed(await findBuilt(batch), skip)
  return (...args) => runHelm(join(folder, 'helm'), kubeconfig, args)
}

/** Whatever it keeps on disk goes with it: nothing of the user's own Helm is read. */
async function runHelm(file: string, kubeconfig: string, args: readonly string[]): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), 'tierwall-helm-'))
  try {
    return await runApart(file, args, { home, kubeconfig })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}
