/** A command beside a Docker daemon: the one that runs here, or one for this command alone, which goes with it. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Tell, tellIfSlow } from '../../../src/controlplane/progress.ts'
import { onOneLine, run } from '../../../src/controlplane/run.ts'
import { answersDocker } from '../make/docker.ts'

/** `own`: it must be started first. */
export type FoundDaemon = { readonly daemon: 'running' | 'own' } | { readonly missing: string }

const packageOf: Readonly<Record<string, string>> = {
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
  const names = [...new Set((await findMissing()).map(program => packageOf[program] ?? program))]
  if (names.length === 0) return { daemon: 'own' }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = async () => {
    const updated = await run('apt-get', ['update', '--quiet=2'], { env })
    const words = ['install', '--yes', '--quiet=2', '--no-install-recommends', ...names]
    return 'missing' in updated ? updated : run('apt-get', words, { env })
  }
  const installed = await tellIfSlow(`installing ${names.join(', ')} (apt-get, once)…`, install, tell)
  if ('missing' in installed) return { missing: `${none} dockerd: install Docker` }
  if ('failed' in installed)
    return { missing: `${names.join(', ')} cannot be installed: ${onOneLine(installed.failed)}` }
  const left = await findMissing()
  return left.length === 0 ? { daemon: 'own' } : { missing: `there is still no ${left.join(', ')}` }
}

/** dockerd starts nothing but itself with --version; the others are as quick. */
async function findMissing(): Promise<readonly string[]> {
  const folders = (process.env.PATH ?? '').split(':')
  return ['docker', ...Object.keys(packageOf)].filter(name => !folders.some(folder => existsSync(join(folder, name))))
}

const root = join(import.meta.dirname, '../../..')

/** The command's exit code. */
export async function runBeside(
  { daemon }: { readonly daemon: 'running' | 'own' },
  words: readonly [string, ...string[]],
  more: NodeJS.ProcessEnv,
): Promise<number> {
  const env = { ...process.env, ...more }
  if (daemon === 'running') return runToEnd(words, env, 'SIGTERM')
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-docker-'))
  const group = basename(folder)
  const inside = ['sh', join(import.meta.dirname, 'inside.sh'), folder, group, ...words]
  const namespaces = ['--net', '--mount', '--pid', '--ipc', '--fork', '--kill-child', '--mount-proc']
  try {
    // All of it dies with unshare, which dies with this process: daemon, containers and mounts.
    return await runToEnd(['setpriv', '--pdeathsig', 'KILL', 'unshare', ...namespaces, ...inside], env, 'SIGKILL')
  } finally {
    removeGroups(group)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

function runToEnd(
  [file, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  onSignal: NodeJS.Signals,
): Promise<number> {
  const child = spawn(file, args, { cwd: root, env, stdio: 'inherit' })
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  return new Promise((resolve, reject) => {
    let interrupted: number | undefined
    for (const [signal, code] of Object.entries(codes))
      process.once(signal, () => {
        interrupted = code
        child.kill(onSignal)
      })
    child.once('error', reject)
    child.once('exit', code => resolve(interrupted ?? code ?? 1))
  })
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
