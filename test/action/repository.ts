/** A Git repository with a base, a change and what GitHub checks out for it: the two merged. */
import { execFileSync, type StdioOptions } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder } from '../folder.ts'
import { gitEnvironment } from '../git.ts'

/** Nothing where a file is not there, or is no more. */
export type Files = Readonly<Record<string, string | undefined>>

export interface Repository {
  readonly folder: string
  readonly base: string
  readonly head: string
}

export function runGit(folder: string, ...args: readonly string[]): string {
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe']
  return execFileSync('git', args, { cwd: folder, env: gitEnvironment, encoding: 'utf8', stdio }).trim()
}

/** The merge is checked out. */
export function makeRepository(before: Files, after: Files): Repository {
  const folder = makeFolder()
  const git = (...args: readonly string[]) => runGit(folder, ...args)
  git('init', '--quiet', '--initial-branch=main')
  const base = commit(folder, before)
  git('checkout', '--quiet', '-b', 'change')
  const head = commit(folder, after)
  git('checkout', '--quiet', '--detach', 'main')
  git('merge', '--quiet', '--no-ff', '--message=merge', 'change')
  return { folder, base, head }
}

/** As actions/checkout leaves it: one commit, whose parents are elsewhere. */
export function cloneShallow({ folder: origin }: Repository): string {
  const folder = makeFolder()
  const merge = runGit(origin, 'rev-parse', 'HEAD')
  runGit(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true')
  runGit(folder, 'init', '--quiet')
  runGit(folder, 'remote', 'add', 'origin', `file://${origin}`)
  runGit(folder, 'fetch', '--quiet', '--depth=1', 'origin', merge)
  runGit(folder, 'checkout', '--quiet', '--detach', 'FETCH_HEAD')
  return folder
}

function commit(folder: string, files: Files): string {
  for (const [name, text] of Object.entries(files)) {
    if (text === undefined) rmSync(join(folder, name))
    else {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
  }
  runGit(folder, 'add', '--all')
  runGit(folder, 'commit', '--quiet', '--allow-empty', '--message=files')
  return runGit(folder, 'rev-parse', 'HEAD')
}
