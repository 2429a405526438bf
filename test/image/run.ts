/** `make test-image`: prepares what is downloaded, then runs the tests of the image beside a Docker daemon. */
import { join } from 'node:path'
import { findDaemon, runBeside } from '../../scripts/image/daemon/index.ts'
import { findBase } from '../../scripts/image/make/base.ts'
import { tryDocker } from '../../scripts/image/make/docker.ts'
import { findBinaries, findKubectl } from '../../src/controlplane/binaries.ts'
import { tellStderr } from '../../src/controlplane/progress.ts'
import { k3sImage } from './k3s-image.ts'

const root = join(import.meta.dirname, '..', '..')

const found = await findDaemon(tellStderr)
const missing = 'missing' in found ? found.missing : await prepare(found.daemon)
if (missing === undefined && 'daemon' in found) process.exitCode = await runTests(found)
else {
  console.log(`The tests of the image were skipped: ${missing}.`)
  // A machine that is there to run them must not pass without them.
  process.exitCode = process.env.CI === 'true' ? 1 : 0
}

/** Undefined, or in one line what there is not. */
async function prepare(daemon: 'running' | 'own'): Promise<string | undefined> {
  for (const find of [findBinaries, findKubectl]) {
    const found = await find(tellStderr)
    if ('missing' in found) return found.missing
  }
  // Beside a daemon of its own nothing can be downloaded.
  const base = daemon === 'own' ? await findBase(root, tellStderr) : undefined
  return base && 'missing' in base ? base.missing : undefined
}

async function runTests(found: { readonly daemon: 'running' | 'own' }): Promise<number> {
  const without = await findNoK3s(found.daemon)
  if (without !== undefined) console.log(`Without k3s: ${without}.`)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const words = [vitest, 'run', '--project=image', ...process.argv.slice(2)]
  return runBeside(found, [process.execPath, ...words], {
    TIERWALL_DAEMON: found.daemon,
    TIERWALL_IMAGE: 'beside',
    TIERWALL_IMAGE_K3S: without === undefined ? 'yes' : 'no',
    // It would be one more image to pull; the tests stop what they start.
    TESTCONTAINERS_RYUK_DISABLED: 'true',
    // Else it asks for the address of a bridge, which that daemon has none of.
    ...(found.daemon === 'own' ? { TESTCONTAINERS_HOST_OVERRIDE: 'localhost' } : {}),
  })
}

/** Undefined where k3s can run, or why not. */
async function findNoK3s(daemon: 'running' | 'own'): Promise<string | undefined> {
  if (daemon === 'own') return 'it is an image that must be pulled, and the Docker of these tests has no network'
  const { code, stderr } = await tryDocker(['pull', '--quiet', k3sImage], { timeout: 300_000 })
  return code === 0 ? undefined : `${k3sImage} cannot be pulled: ${stderr.trim().split('\n').at(-1)}`
}
