/** `make test-packets`: prepares what is built and installed, then runs the packet tests in namespaces of their own. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findBinaries } from '../../src/controlplane/binaries.ts'
import { findBuilt } from '../../src/controlplane/build.ts'
import { tellStderr } from '../../src/controlplane/progress.ts'
import { ciliumBatch } from './cilium/programs.ts'
import { installPackages } from './packages.ts'

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
  const lacking = await installPackages(tellStderr)
  if (lacking !== undefined) return lacking
  for (const found of [await findBinaries(), await findBuilt(ciliumBatch)]) if ('missing' in found) return found.missing
  return undefined
}

/**
 * All that the tests start, mount and configure lives in these namespaces, and goes when their first process dies: it dies
 * with unshare, and unshare with this process.
 */
function runInside(args: readonly string[]): Promise<number> {
  const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs')
  const inside = [
    'sh',
    join(import.meta.dirname, 'inside.sh'),
    process.execPath,
    vitest,
    'run',
    '--project=packets',
    ...args,
  ]
  const namespaces = ['--net', '--mount', '--pid', '--ipc', '--fork', '--kill-child', '--mount-proc']
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...namespaces, ...inside], {
    cwd: join(import.meta.dirname, '..', '..'),
    stdio: 'inherit',
  })
  const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  return new Promise((resolve, reject) => {
    let interrupted: number | undefined
    for (const [signal, code] of Object.entries(exitCodes))
      process.once(signal, () => {
        interrupted = code
        child.kill('SIGKILL')
      })
    child.once('error', reject)
    child.once('exit', code => resolve(interrupted ?? code ?? 1))
  })
}
