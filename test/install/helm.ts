/** The real Helm as a child process, built as the control plane is: of no cluster, or as the admin of one. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { findBuilt } from '../../src/controlplane/build.ts'
import type { Batch } from '../../src/controlplane/programs.ts'
import type { Outcome } from './kubectl.ts'
import { takeTurn } from './turn.ts'

export type Helm = (...args: readonly string[]) => Promise<Outcome>

const batch: Batch = {
  what: 'Helm',
  folder: 'helm',
  module: join(import.meta.dirname, 'helm'),
  stamps: goMod => ({ 'helm.sh/helm/v4/internal/version.version': versionOf(goMod) }),
  programs: { helm: { from: 'helm.sh/helm/v4/cmd/helm', takes: '3 minutes' } },
}

const versionOf = (goMod: string) => /helm\.sh\/helm\/v4 (v\S+)/.exec(goMod)?.[1] ?? ''

const find = () => takeTurn(join(tmpdir(), 'tierwall-helm-build.lock'), () => findBuilt(batch))

/** Before the first test of a file, since building takes longer than a test may. */
export function buildHelmFirst(): void {
  beforeAll(find, 20 * 60_000)
}

/** Without one, the test is skipped; in CI that is a failure. */
export async function needHelm(skip: (note: string) => never, kubeconfig = '/dev/null'): Promise<Helm> {
  const found = await find()
  if ('folder' in found) return (...args) => runHelm(join(found.folder, 'helm'), kubeconfig, args)
  if (process.env.CI === 'true') throw new Error(found.missing)
  return skip(found.missing)
}

/** Whatever it keeps on disk goes with it: nothing of the user's own Helm is read. */
function runHelm(file: string, kubeconfig: string, args: readonly string[]): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), 'tierwall-helm-'))
  const env = { PATH: '/usr/bin:/bin', HOME: home, KUBECONFIG: kubeconfig }
  return new Promise(resolve => {
    const child = execFile(file, args, { env, maxBuffer: 2 ** 26, timeout: 60_000 }, (error, stdout, stderr) => {
      rmSync(home, { recursive: true, force: true })
      resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr })
    })
    child.stdin?.end()
  })
}
