/** `tierwall doctor` on the packet cluster, as a person runs it, and what it must not leave behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Outcome } from '../../cli/run.ts'
import { readList } from '../../controlplane/read.ts'
import type { PacketCluster } from '../fixture/index.ts'

const main = join(import.meta.dirname, '../../../src/cli/main.ts')

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Outcome & { readonly seconds: number }>
}

export function startDoctor({ plane }: PacketCluster, words: readonly string[]): Running {
  const began = performance.now()
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TIERWALL_')))
  const child = spawn(process.execPath, [main, 'doctor', '--kubeconfig', plane.access.kubeconfigFile, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  const closed = new Promise<number | null>(resolve => child.on('close', resolve))
  const ended = Promise.all([text(child.stdout), text(child.stderr), closed]).then(([stdout, stderr, code]) => ({
    ...{ code, stdout, stderr },
    seconds: (performance.now() - began) / 1_000,
  }))
  return { child, ended }
}

/** Prints how long it took. */
export async function runDoctor(cluster: PacketCluster, ...words: readonly string[]): Promise<Outcome> {
  const { seconds, ...outcome } = await startDoctor(cluster, words).ended
  console.log(`doctor ${words.join(' ')}: ${seconds.toFixed(1)} s, exit code ${outcome.code}`)
  return outcome
}

const named = z.object({ metadata: z.object({ name: z.string() }) })

/** Namespaces of the cluster, and pods' networks and their ends on the node. */
export async function findLeft({ plane }: PacketCluster): Promise<readonly string[]> {
  const namespaces = await readList(plane, '/api/v1/namespaces?labelSelector=tierwall.dev/probe', named)
  const networks = await readdir('/run/netns')
  return [
    ...namespaces.map(({ metadata }) => `namespace ${metadata.name}`),
    ...networks.filter(name => name.startsWith('tierwall-probe')).map(name => `network ${name}`),
  ]
}

/** How many pods' interfaces the node has. */
export async function countInterfaces(): Promise<number> {
  const names = await readdir('/proc/sys/net/ipv4/conf')
  return names.filter(name => /^lxc[0-9a-f]/.test(name)).length
}
