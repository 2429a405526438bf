/** A Git repository in a folder of its own, and each commit of it as the archive that Flux's source-controller would make. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gitEnvironment } from '../git.ts'

export interface Commit {
  /** As Flux writes it: `main@sha1:…`. */
  readonly revision: string
  readonly archive: Buffer
  /** `sha256:…` of the archive. */
  readonly digest: string
}

export interface Repository {
  /** The files are all that the tree holds from then on. */
  readonly commit: (files: Readonly<Record<string, string>>, message: string) => Promise<Commit>
  readonly remove: () => void
}

export async function makeRepository(): Promise<Repository> {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-git-'))
  const git = (...args: readonly string[]) => runGit(folder, args)
  await git('init', '--quiet', '--initial-branch=main')
  return {
    async commit(files, message) {
      await git('rm', '-r', '--quiet', '--ignore-unmatch', '.')
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true })
        await writeFile(join(folder, name), text)
      }
      await git('add', '--all')
      await git('commit', '--quiet', '--message', message)
      const hash = (await git('rev-parse', 'HEAD')).toString().trim()
      const archive = await git('archive', '--format=tar.gz', 'HEAD')
      const digest = `sha256:${createHash('sha256').update(archive).digest('hex')}`
      return { revision: `main@sha1:${hash}`, archive, digest }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function runGit(cwd: string, args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: gitEnvironment, encoding: 'buffer', maxBuffer: 2 ** 26 } as const
    execFile('git', args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`git ${args[0]}: ${stderr.toString()}`, { cause: error }))
      else resolve(stdout)
    })
  })
}
