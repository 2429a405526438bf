/** The repository as it is here, as a clone of its own with one commit: to be built from, and to be broken. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { must } from '../../scripts/release/must.ts'

export const root = join(import.meta.dirname, '../..')

export interface WorkingCopy {
  readonly folder: string
  readonly edit: (path: string, change: (text: string) => string) => void
  readonly git: (...words: readonly string[]) => Promise<string>
  readonly commit: () => Promise<void>
  readonly clear: () => void
}

const author = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.com', '-c', 'commit.gpgsign=false']
const when = { GIT_AUTHOR_DATE: '2026-01-02T03:04:05Z', GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' }

export async function copyRepository(from = root): Promise<WorkingCopy> {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-copy-'))
  const git = (...words: readonly string[]) =>
    must('git', ['-C', folder, ...author, ...words], { env: { ...process.env, ...when } })
  const listed = await must('git', ['-C', from, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  for (const path of listed.split('\0').filter(path => path !== '' && existsSync(join(from, path)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(from, path), join(folder, path), { verbatimSymlinks: true })
  }
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
