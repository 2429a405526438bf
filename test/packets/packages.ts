/** The programs that Cilium and the tests call, and the Debian packages that bring them. */
import { installPackages } from '../../scripts/machine/packages.ts'
import type { Tell } from '../../src/controlplane/progress.ts'

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
export async function installPrograms(tell: Tell): Promise<string | undefined> {
  const installed = await installPackages(packageOf, tell)
  if ('noInstaller' in installed) return `${installed.packages} must be installed, and there is no apt-get`
  return 'lacking' in installed ? installed.lacking : undefined
}
