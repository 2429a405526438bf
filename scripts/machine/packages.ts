/** Programs that this machine must have, from the Debian packages that bring them. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Tell, tellIfSlow } from '../../src/controlplane/progress.ts'
import { onOneLine, run } from '../../src/controlplane/run.ts'

/** `lacking` is one line: why they are not all there. Where there is no apt-get, others may know another way. */
export type Installed =
  | { readonly all: true }
  | { readonly lacking: string }
  | { readonly noInstaller: true; readonly packages: string }

/** Programs by their names on the PATH or by their files, each with its package. */
export async function installPackages(
  packageOf: Readonly<Record<string, string>>,
  tell: Tell,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Installed> {
  const programs = Object.keys(packageOf)
  const missing = findMissing(programs, env)
  if (missing.length === 0) return { all: true }
  const names = [...new Set(missing.map(program => packageOf[program] ?? program))]
  const packages = names.join(', ')
  const install = () => runInstaller(names, { ...env, DEBIAN_FRONTEND: 'noninteractive' })
  const installed = await tellIfSlow(`installing ${packages} (apt-get, once)…`, install, tell)
  if ('missing' in installed) return { noInstaller: true, packages }
  if ('failed' in installed) return { lacking: `${packages} cannot be installed: ${onOneLine(installed.failed)}` }
  const left = findMissing(programs, env)
  return left.length === 0 ? { all: true } : { lacking: `there is still no ${left.join(', ')}` }
}

async function runInstaller(names: readonly string[], env: NodeJS.ProcessEnv) {
  const updated = await run('apt-get', ['update', '--quiet=2'], { env })
  // They are there for tests and builds alone: nothing recommended comes with them.
  const words = ['install', '--yes', '--quiet=2', '--no-install-recommends', ...names]
  return 'missing' in updated ? updated : run('apt-get', words, { env })
}

function findMissing(programs: readonly string[], { PATH = '' }: NodeJS.ProcessEnv): readonly string[] {
  const folders = PATH.split(':')
  const isThere = (program: string) =>
    program.startsWith('/') ? existsSync(program) : folders.some(folder => existsSync(join(folder, program)))
  return programs.filter(program => !isThere(program))
}
