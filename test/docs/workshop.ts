/** A folder as a reader of the pages has it: the files of a clone, `tierwall` and kubectl at hand. */
import { spawn } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { root } from './pages.ts'

export interface Workshop {
  readonly folder: string
  readonly write: (name: string, content: string) => Promise<void>
  readonly run: (command: string) => Promise<Printed>
  readonly clear: () => Promise<void>
}

export interface Printed {
  readonly code: number | null
  /** Both streams, as a terminal shows them. */
  readonly output: string
}

export interface WorkshopOptions {
  readonly kubectl?: string
  readonly kubeconfig?: string
}

const parts = ['config', 'crds', 'examples', 'monitoring']
const corpora = 'test/corpora/apps'

export async function openWorkshop({ kubectl, kubeconfig }: WorkshopOptions = {}): Promise<Workshop> {
  const home = await mkdtemp(join(tmpdir(), 'tierwall-docs-'))
  const [bin, folder] = [join(home, 'bin'), join(home, 'tierwall')]
  await mkdir(bin)
  for (const part of [...parts, corpora]) await cp(join(root, part), join(folder, part), { recursive: true })
  const program = `exec '${process.execPath}' '${join(root, 'src/cli/main.ts')}' "$@"`
  await writeProgram(join(bin, 'tierwall'), program)
  await writeProgram(join(bin, 'npx'), `[ "$1" = tierwall ] || exit 127\nshift\n${program}`)
  if (kubectl !== undefined) await symlink(kubectl, join(bin, 'kubectl'))
  const env = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: home,
    KUBECONFIG: kubeconfig ?? '/dev/null',
    NODE_COMPILE_CACHE: join(tmpdir(), 'tierwall-compiled'),
  }
  return {
    folder,
    async write(name, content) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), content)
    },
    run: command => runShell(command, folder, env),
    clear: () => rm(home, { recursive: true, force: true }),
  }
}

async function writeProgram(file: string, lines: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${lines}\n`)
  await chmod(file, 0o755)
}

async function runShell(command: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Printed> {
  const child = spawn('bash', ['-o', 'pipefail', '-c', `exec 2>&1\n${command}`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
  })
  const closed = new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject))
  const [code, output] = await Promise.all([closed, text(child.stdout)])
  return { code, output }
}
