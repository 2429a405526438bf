/**
 * Makes each mutation in a copy of the project and says which of them the tests catch; with `--packets`, which of those that
 * packets are to show they do. Exit code 1 if one gets through.
 */
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Mutation, mutations } from './mutations.ts'

/** The quick tests first: most mutations do not get past them. */
const stages = [
  ['test/api', 'test/intent', 'test/graph', 'test/policy', 'test/evaluate', 'test/scenarios.test.ts'],
  ['test/plan', 'test/live'],
  ['test/properties', 'test/apps'],
]
const copied = [
  'src',
  'test',
  'docs',
  'examples',
  'scripts',
  'README.md',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
]
const workers = 2

async function makeCopy(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'tierwall-mutants-'))
  for (const entry of copied) await cp(entry, join(copy, entry), { recursive: true })
  await symlink(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** True if every test of the stage passes. */
function passes(copy: string, tests: readonly string[]): Promise<boolean> {
  const vitest = join('node_modules', 'vitest', 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, 'run', '--project=offline', '--bail=1', '--maxWorkers=1', ...tests], {
    cwd: copy,
    stdio: 'ignore',
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => resolve(code === 0))
  })
}

async function survives(copy: string): Promise<boolean> {
  for (const stage of stages) if (!(await passes(copy, stage))) return false
  return true
}

async function isCaught(copy: string, { file, find, replace, what }: Mutation): Promise<boolean> {
  const path = join(copy, file)
  const text = await readFile(path, 'utf8')
  if (text.split(find).length !== 2) throw new Error(`${file} has not just one place for the mutation '${what}'`)
  await writeFile(
    path,
    text.replace(find, () => replace),
  )
  try {
    return !(await survives(copy))
  } finally {
    await writeFile(path, text)
  }
}

async function work(queue: Mutation[], copy: string, survivors: Mutation[]): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const caught = await isCaught(copy, next)
    if (!caught) survivors.push(next)
    console.log(`${caught ? 'caught  ' : 'SURVIVED'}  ${next.what} (${next.file})`)
  }
}

if (process.argv.includes('--packets')) process.exitCode = await runPackets()
else process.exitCode = await runOffline(process.argv[2] ?? '')

/** Operators with those faults that packets are to show, in the cluster of the packet tests. */
function runPackets(): Promise<number> {
  const child = spawn(process.execPath, ['test/packets/run.ts', 'test/packets/mutants.test.ts'], { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => resolve(code ?? 1))
  })
}

async function runOffline(only: string): Promise<number> {
  const copies = await Promise.all(Array.from({ length: workers }, makeCopy))
  try {
    const [first = ''] = copies
    console.log('running the tests as they are first, a minute or two')
    if (!(await survives(first))) throw new Error('the tests fail without any mutation: run make test')
    const chosen = mutations.filter(({ what, file }) => what.includes(only) || file.includes(only))
    const survivors: Mutation[] = []
    const queue = [...chosen]
    await Promise.all(copies.map(copy => work(queue, copy, survivors)))
    const share = ((chosen.length - survivors.length) / chosen.length) * 100
    console.log(`${chosen.length - survivors.length} of ${chosen.length} mutations caught (${share.toFixed(0)} %)`)
    return survivors.length > 0 ? 1 : 0
  } finally {
    for (const copy of copies) await rm(copy, { recursive: true, force: true })
  }
}
