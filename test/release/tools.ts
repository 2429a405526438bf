/** The real kustomize, and the linter of GitHub's workflows, built as the control plane is. */
import { join } from 'node:path'
import { beforeAll } from 'vitest'
import { findBuilt } from '../../src/controlplane/build.ts'
import type { Batch } from '../../src/controlplane/programs.ts'
import { needed } from '../needed.ts'

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

export async function needTool(name: 'actionlint' | 'kustomize', skip: (note: string) => never): Promise<string> {
  return join(needed(await findBuilt(batch), skip).folder, name)
}
