/** The programs that Cilium and the tests call, and the Debian packages that bring them. */
import { access } from 'node:fs/promises'
import { type Tell, tellIfSlow } from '../../src/controlplane/progress.ts'
import { run } from '../../src/controlplane/run.ts'

/** clang: newer ones than 16 take warnings in Cilium's sources for errors. */
const packageOf: Readonly<Record<string, string>> = {
  '/usr/bin/clang-16': 'clang-16',
  '/usr/bin/nsenter': 'util-linux',
  '/usr/bin/setpriv': 'util-linux',
  '/usr/bin/unshare': 'util-linux',
  '/usr/sbin/bpftool': 'bpftool',
  '/usr/sbin/ip': 'iproute2',
  '/usr/sbin/iptables': 'iptables',
  '/usr/bin/curl': 'curl',
}

/** Undefined once all are there, or in one line why not. */
export async function installPackages(tell: Tell): Promise<string | undefined> {
  const missing = await findMissing()
  if (missing.length === 0) return undefined
  const names = missing.join(', ')
  // They are there for the tests alone: nothing recommended comes with them.
  const install = ['install', '--yes', '--quiet=2', '--no-install-recommends', ...missing]
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const work = async () => {
    const updated = await run('apt-get', ['update', '--quiet=2'], { env })
    return 'missing' in updated ? updated : run('apt-get', install, { env })
  }
  const installed = await tellIfSlow(`installing ${names} (apt-get, once)…`, work, tell)
  if ('missing' in installed) return `${names} must be installed, and there is no apt-get`
  if ('failed' in installed) return `${names} cannot be installed: ${installed.failed}`
  const left = await findMissing()
  return left.length === 0 ? undefined : `${left.join(', ')} did not bring what is needed`
}

async function findMissing(): Promise<readonly string[]> {
  const files = Object.keys(packageOf)
  const there = await Promise.all(
    files.map(file =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  )
  return [...new Set(files.filter((_, index) => !there[index]).map(file => packageOf[file] ?? file))]
}
