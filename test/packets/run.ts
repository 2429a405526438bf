/** `make test-packets`: prepares what is built and installed, then runs the packet tests in namespaces of their own. */
import { join } from 'node:path'
import { runInNamespaces } from '../../scripts/machine/run-to-end.ts'
import { findBinaries } from '../../src/controlplane/binaries.ts'
import { findBuilt } from '../../src/controlplane/build.ts'
import { tellStderr } from '../../src/controlplane/progress.ts'
import { ciliumBatch } from './cilium/programs.ts'
import { installPrograms } from './packages.ts'

const root = join(import.meta.dirname, '..', '..')

const missing = await prepare()
if (missing === undefined) process.exitCode = await runInside(process.argv.slice(2))
else {
  console.log(`The packet tests were skipped: ${missing}.`)
  // A machine that is there to run them must not pass without them.
  process.exitCode = process.env.CI === 'true' ? 1 : 0
}

/** Undefined, or in one line what there is not. */
async function prepare(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `they need Linux, and this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'they need root, for network namespaces and BPF'
  const lacking = await installPrograms(tellStderr)
  if (lacking !== undefined) return lacking
  for (const found of [await findBinaries(), await findBuilt(ciliumBatch)]) if ('missing' in found) return found.missing
  return undefined
}

/** All that the tests start, mount and configure is gone afterwards. */
function runInside(args: readonly string[]): Promise<number> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const run = [process.execPath, vitest, 'run', '--project=packets', ...args]
  return runInNamespaces({
    words: ['sh', join(import.meta.dirname, 'inside.sh'), ...run],
    cwd: root,
    env: process.env,
  })
}
