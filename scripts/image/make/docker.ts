/** The docker command: what it printed, or that it failed and why. */
import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { text } from 'node:stream/consumers'

export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface DockerOptions {
  /** What it reads from stdin; `file` names a file. */
  readonly input?: string | { readonly file: string }
  readonly timeout?: number
}

/** Longer than the longest build. */
const longest = 15 * 60_000

export async function tryDocker(words: readonly string[], options: DockerOptions = {}): Promise<Output> {
  const { input, timeout = longest } = options
  const file = typeof input === 'object' ? await open(input.file) : undefined
  try {
    // The builder without buildx says on each run that it is old.
    const env = { ...process.env, DOCKER_CLI_HINTS: 'false' }
    const stdin = file?.fd ?? (input === undefined ? 'ignore' : 'pipe')
    const child = spawn('docker', words, { env, timeout, stdio: [stdin, 'pipe', 'pipe'] })
    const code = new Promise<number>(resolve => {
      child.once('error', () => resolve(127))
      child.once('close', code => resolve(code ?? 1))
    })
    if (typeof input === 'string') child.stdin?.end(input)
    const { stdout, stderr } = child
    const [out, err] = await Promise.all([stdout ? text(stdout) : '', stderr ? text(stderr) : ''])
    return { code: await code, stdout: out, stderr: err }
  } finally {
    await file?.close()
  }
}

export async function docker(words: readonly string[], options: DockerOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryDocker(words, options)
  if (code === 0) return stdout.trim()
  const end = `${stdout}${stderr}`.trim().split('\n').slice(-20).join('\n')
  throw new Error(`docker ${words.slice(0, 2).join(' ')} ended with ${code}:\n${end}`)
}

export async function answersDocker(): Promise<boolean> {
  return (await tryDocker(['info', '--format', '{{.ServerVersion}}'], { timeout: 20_000 })).code === 0
}
