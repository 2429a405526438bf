/** The command line as a child process, in a folder of files. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

const main = join(import.meta.dirname, '../../src/cli/main.ts')

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
}

export type Run = (args: readonly string[], options?: RunOptions) => Promise<Outcome>

/** A folder that holds these files for as long as the test runs, and the command line run in it. */
export function inFolder(files: Readonly<Record<string, string>>): Run {
  const folder = mkdtempSync(join(tmpdir(), 'tierwall-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return async (args, { stdin = '', env = {} } = {}) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
    })
    child.stdin.on('error', () => {}).end(stdin)
    const closed = new Promise<number | null>(resolve => child.on('close', resolve))
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
    return { code, stdout, stderr }
  }
}
