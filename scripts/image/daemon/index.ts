/** A command beside a Docker daemon: the one that runs here, or one for this command alone, which goes with it. */
import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Tell } from '../../../src/controlplane/progress.ts'
import { installPackages } from '../../machine/packages.ts'
import { runInNamespaces, runToEnd } from '../../machine/run-to-end.ts'
import { answersDocker } from '../make/docker.ts'

/** `own`: it must be started first. */
export type FoundDaemon = { readonly daemon: 'running' | 'own' } | { readonly missing: string }

const packageOf: Readonly<Record<string, string>> = {
  docker: 'docker.io',
  dockerd: 'docker.io',
  ip: 'iproute2',
  setpriv: 'util-linux',
  strip: 'binutils',
  unshare: 'util-linux',
}

export async function findDaemon(tell: Tell): Promise<FoundDaemon> {
  if (await answersDocker()) return { daemon: 'running' }
  const none = 'no Docker daemon answers, and one can be started by'
  if (process.platform !== 'linux') return { missing: `${none} Linux only: start Docker` }
  if (process.getuid?.() !== 0) return { missing: `${none} root only: start Docker, or be root` }
  const installed = await installPackages(packageOf, tell)
  if ('noInstaller' in installed) return { missing: `${none} dockerd: install Docker` }
  return 'lacking' in installed ? { missing: installed.lacking } : { daemon: 'own' }
}

const root = join(import.meta.dirname, '../../..')

/** The command's exit code. */
export async function runBeside(
  { daemon }: { readonly daemon: 'running' | 'own' },
  words: readonly [string, ...string[]],
  more: NodeJS.ProcessEnv,
): Promise<number> {
  const env = { ...process.env, ...more }
  if (daemon === 'running') return runToEnd({ words, cwd: root, env, onSignal: 'SIGTERM' })
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-docker-'))
  const group = basename(folder)
  const inside = ['sh', join(import.meta.dirname, 'inside.sh'), folder, group, ...words] as const
  try {
    return await runInNamespaces({ words: inside, cwd: root, env })
  } finally {
    removeGroups(group)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

/** Control groups belong to no namespace. Of version 1 there is one in each folder. */
function removeGroups(name: string): void {
  const top = '/sys/fs/cgroup'
  const hierarchies = [
    '.',
    ...readdirSync(top, { withFileTypes: true }).flatMap(each => (each.isDirectory() ? [each.name] : [])),
  ]
  for (const hierarchy of new Set(hierarchies)) removeGroup(join(top, hierarchy, name))
}

function removeGroup(folder: string): void {
  if (!existsSync(folder)) return
  for (const each of readdirSync(folder, { withFileTypes: true }))
    if (each.isDirectory()) removeGroup(join(folder, each.name))
  try {
    rmdirSync(folder)
  } catch (error) {
    console.error(`${folder} stays: ${error}`)
  }
}
