/** The repository as it is here, as a clone of its own with one commit: to be built from, and to be broken. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must } from '../../scripts/release/must.ts'
import { copyKnown } from '../../scripts/release/stage.ts'
import { gitEnvironment } from '../git.ts'

export const root = join(import.meta.dirname, '../..')

export interface WorkingCopy {
  readonly folder: string
  readonly edit: (path: string, change: (text: string) => string) => void
  readonly git: (...words: readonly string[]) => Promise<string>
  readonly commit: () => Promise<void>
  readonly clear: () => void
}

export async function copyRepository(from = root): Promise<WorkingCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-copy-'))
  const git = (...words: readonly string[]) => must('git', ['-C', folder, ...words], { env: gitEnvironment })
  await copyKnown(from, folder)
  const commit = async () => {
    await git('add', '--all')
    await git('commit', '--quiet', '--allow-empty', '--message=files')
  }
  await git('init', '--quiet')
  await commit()
  return {
    folder,
    git,
    commit,
    edit: (path, change) => writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8'))),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** What is installed here; a folder of that name would be ignored by Git, a link is not. */
export async function linkPackages({ folder }: WorkingCopy): Promise<void> {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, '.git/info/exclude'), 'node_modules\n')
}
