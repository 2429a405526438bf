/** The real kustomize, and the linter of GitHub's workflows, built as the control plane is. */
import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { findBuilt } from '../../src/controlplane/build.ts'
import type { Batch } from '../../src/controlplane/programs.ts'

const batch: Batch = {
  what: 'kustomize and actionlint',
  folder: 'release-tools',
  module: join(import.meta.dirname, 'tools'),
  stamps: () => ({}),
  programs: {
    actionlint: { from: 'github.com/rhysd/actionlint/cmd/actionlint', takes: '10 seconds' },
    kustomize: { from: 'sigs.k8s.io/kustomize/kustomize/v5', takes: '30 seconds' },
  },
}

/** Before the first test of a file, since building takes longer than a test may. */
export function buildToolsFirst(): void {
  beforeAll(() => findBuilt(batch), 20 * 60_000)
}

/** Without one, the test is skipped; in CI that is a failure. */
export async function needTool(name: 'actionlint' | 'kustomize', skip: (note: string) => never): Promise<string> {
  const found = await findBuilt(batch)
  if ('folder' in found) return join(found.folder, name)
  if (process.env.CI === 'true') throw new Error(found.missing)
  return skip(found.missing)
}
