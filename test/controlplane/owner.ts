/** A process that owns others, for the tests of how it may end: `node owner.ts HOW`, with their pids and folder on stdout. */
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startControlPlane } from '../../src/controlplane/index.ts'
import { keepProcesses } from '../../src/controlplane/processes.ts'

const [, , how] = process.argv

if (how === 'control plane') {
  const { pids, access } = await startControlPlane()
  report(Object.values(pids()), access.dataDir)
} else {
  const folder = await mkdtemp(join(tmpdir(), 'tierwall-'))
  const processes = keepProcesses(folder)
  const sleepers = await Promise.all(['one', 'two'].map(name => processes.start(name, 'sleep', ['1000'])))
  if (how === 'ends by itself') await sleepers[0]?.kill()
  report(
    sleepers.map(({ pid }) => pid),
    folder,
  )
}
if (how === 'throws') throw new Error('as it was told to')
if (how !== 'ends by itself') setInterval(() => undefined, 1000)

function report(pids: readonly number[], folder: string): void {
  console.log(JSON.stringify({ pids, folder }))
}
