/** The action as a job runs it: the steps of action.yml in bash, with the environment that GitHub gives them. */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parse } from 'yaml'
import { z } from 'zod'
import { makeFolder } from '../folder.ts'
import { type GitHub, token } from './github.ts'
import type { Repository } from './repository.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'action')

const step = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  if: z.string().optional(),
  shell: z.string().optional(),
  env: z.record(z.string(), z.string()).default({}),
  run: z.string().optional(),
})
const shape = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
  runs: z.object({ using: z.literal('composite'), steps: z.array(step) }),
})

export const action = shape.parse(parse(readFileSync(join(folder, 'action.yml'), 'utf8')))

export type Inputs = Readonly<Record<string, string>>

export interface Job {
  readonly code: number | null
  readonly log: string
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
}

export interface JobOptions {
  readonly inputs?: Inputs
  /** Where it is not the repository itself that is checked out. */
  readonly workspace?: string
  readonly event?: object
}

/** The Tierwall of this checkout takes the place of the one that is installed. */
const own = `'${process.execPath}' '${join(root, 'src/cli/main.ts')}'`

export async function runAction(repository: Repository, github: GitHub, options: JobOptions = {}): Promise<Job> {
  const { inputs = {}, workspace = repository.folder } = options
  const pull = { number: 7, base: { sha: repository.base }, head: { sha: repository.head } }
  const { event = { pull_request: pull } } = options
  const temp = makeFolder()
  const files = Object.fromEntries(['event', 'summary', 'output'].map(name => [name, join(temp, name)]))
  for (const file of Object.values(files)) writeFileSync(file, '')
  writeFileSync(files.event ?? '', JSON.stringify(event))
  const values = { command: own, ...inputs }
  const env = {
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: temp,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    RUNNER_TEMP: temp,
    GITHUB_ACTION_PATH: folder,
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_API_URL: github.url,
    GITHUB_EVENT_PATH: files.event,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_OUTPUT: files.output,
  }
  const [code, log] = await runSteps(values, workspace, env)
  const read = (file: string | undefined) => readFileSync(file ?? '', 'utf8')
  const lines = read(files.output).split('\n').filter(Boolean)
  const outputs = Object.fromEntries(
    lines.map(line => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  )
  return { code, log, summary: read(files.summary), outputs }
}

/** Steps without a condition: the others install what the tests have already. */
async function runSteps(
  values: Inputs,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<readonly [number | null, string]> {
  let log = ''
  for (const { run, env: own, if: condition } of action.runs.steps) {
    if (run === undefined || condition !== undefined) continue
    const filled = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, fill(value, values)]))
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', `exec 2>&1\n${run}`], {
      cwd,
      env: { ...env, ...filled },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const closed = new Promise<number | null>(resolve => child.on('close', resolve))
    log += await text(child.stdout)
    const code = await closed
    if (code !== 0) return [code, log]
  }
  return [0, log]
}

/** The expressions that action.yml has. */
function fill(value: string, values: Inputs): string {
  return value.replaceAll(/\$\{\{ (\S+) \}\}/g, (_, name: string) => {
    const input = /^inputs\.(.+)$/.exec(name)?.[1]
    if (input === undefined) return name === 'github.token' ? token : ''
    const usual = action.inputs[input]?.default
    if (usual === undefined) throw new Error(`action.yml has no input ${input}`)
    return values[input] ?? fill(usual, values)
  })
}
