/** The demo as a person sees it: a process with its output, and nothing left of it afterwards. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test as offline, onTestFinished, vi } from 'vitest'
import { describePolicy } from '../../demo/describe-policy.ts'
import { allWays } from '../../demo/reach.ts'
import { type Ending, runDemo } from '../../demo/run.ts'
import { breakLines } from '../../demo/screen.ts'
import { drawTable } from '../../demo/table.ts'
import type { NetworkPolicy } from '../../src/api/kubernetes.ts'
import { until } from '../../src/controlplane/until.ts'
import { plain } from '../../src/report/paint.ts'
import { needKubectl, outputOf } from '../install/kubectl.ts'
import { test as withPlane } from './plane.ts'

const main = join(import.meta.dirname, '../../demo/main.ts')
const operator = join(import.meta.dirname, '../../src/cli/main.ts')

/** Skipped where there can be no control plane or no kubectl; each demo has a control plane of its own. */
const test = withPlane.extend<{ readonly temporary: string }>({
  temporary: async ({ plane: _, skip }, use) => {
    await needKubectl(skip)
    const folder = await mkdtemp(join(tmpdir(), 'demo-'))
    await use(folder)
    await rm(folder, { recursive: true })
  },
})

interface Demo {
  readonly child: ChildProcess
  readonly said: () => string
  readonly complained: () => string
  readonly says: (text: string | RegExp) => Promise<void>
  readonly end: () => Promise<number | null>
}

function startDemo(temporary: string, env: Readonly<Record<string, string>> = {}): Demo {
  const { DEMO_ONCE: _, FORCE_COLOR: __, ...kept } = process.env
  const child = spawn(process.execPath, [main], {
    env: { ...kept, ...env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'close')
  const [said, complained] = [collect(child.stdout), collect(child.stderr)]
  return {
    child,
    said,
    complained,
    says: text =>
      until(`line with ${text} in the demo`, async () => {
        if (child.exitCode !== null) throw new Error(`the demo has ended: ${complained()}`)
        return said().search(text) >= 0
      }),
    async end() {
      await ended
      return child.exitCode
    },
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', part => {
    text += part
  })
  return () => text
}

/** Files in the folder, and processes that run in it or are told of it. */
async function findRemains(temporary: string): Promise<readonly string[]> {
  const processes = await findProcesses(temporary)
  return [...(await readdir(temporary)), ...processes.map(({ command }) => command)]
}

async function findProcesses(folder: string): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const all = await Promise.all(
    pids.map(async pid => ({
      pid: Number(pid),
      place: await readlink(`/proc/${pid}/cwd`).catch(() => ''),
      command: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    })),
  )
  return all.filter(({ place, command }) => place.startsWith(folder) || command.includes(folder))
}

const titles = [
  'Tierwall, on a real Kubernetes API server',
  '1. A shop without policies',
  '2. Three annotations',
  '3. Who can reach whom now',
  '4. A tier is taken away',
  '5. It comes back, by an object this time',
  '6. A mistake is refused where it is made',
  '7. Your turn',
]

describe('the demo', () => {
  test('with DEMO_ONCE=1 goes through all of its steps, ends well and leaves nothing behind', async ({ temporary }) => {
    const demo = startDemo(temporary, { DEMO_ONCE: '1' })
    expect(await demo.end(), demo.complained()).toBe(0)
    expect(demo.complained()).toBe('')
    const lines = demo.said().split('\n')
    expect(lines.filter(line => titles.includes(line))).toEqual(titles)
    expect(lines.filter(line => line.length > 80 && !line.includes(temporary))).toEqual([])
    expect(demo.said()).not.toContain('\u001b')
    expect(demo.said()).toMatch(/ms {2}written {2}tierwall-db\.statefulset {2}in: api:3306 {2}out: DNS\n/)
    expect(demo.said()).toMatch(/ms {2}removed {2}tierwall-api\n/)
    expect(demo.said()).toContain("'Backup' is no peer; write backup\n")
    expect(await findRemains(temporary)).toEqual([])
  })

  test('stays until Ctrl-C, with a cluster to go on with, and shows what happens there', async ({
    temporary,
    skip,
  }) => {
    const demo = startDemo(temporary)
    await demo.says('kubectl delete networkpolicy tierwall-web -n shop')
    const [, kubeconfig] = /export KUBECONFIG=(.+)/.exec(demo.said()) ?? []
    const kubectl = await needKubectl(skip, kubeconfig)
    const before = demo.said().length
    await outputOf(kubectl('delete', 'networkpolicy', 'tierwall-web', '-n', 'shop'))
    await until('mended policy', async () =>
      /removed {2}tierwall-web\n.*written {2}tierwall-web /s.test(demo.said().slice(before)),
    )
    demo.child.kill('SIGINT')
    demo.child.kill('SIGINT')
    expect(await demo.end(), demo.complained()).toBe(0)
    expect(await findRemains(temporary)).toEqual([])
  })

  test('that is stopped half-way leaves nothing behind', async ({ temporary }) => {
    const demo = startDemo(temporary)
    await demo.says('kubectl apply -k')
    demo.child.kill('SIGTERM')
    expect(await demo.end()).toBe(130)
    expect(demo.complained()).toMatch(/^\nStopped/)
    expect(await findRemains(temporary)).toEqual([])
  })

  test('fails in one line when the API server ends', async ({ temporary }) => {
    const demo = startDemo(temporary)
    await demo.says('kubectl apply -k')
    const server = (await findProcesses(temporary)).find(({ command }) => command.includes('kube-apiserver\0'))
    if (server === undefined) throw new Error('the demo has no API server')
    process.kill(server.pid, 'SIGKILL')
    expect(await demo.end()).toBe(1)
    expect(demo.complained()).toMatch(/^\nerror: kube-apiserver was ended by SIGKILL: .+\n$/)
    expect(await findRemains(temporary)).toEqual([])
  })
})

describe('the demo of an operator', () => {
  const play = async (temporary: string, program: readonly string[], patience: number): Promise<Ending> => {
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => void vi.unstubAllEnvs())
    const { signal } = new AbortController()
    return runDemo({ print: () => undefined, paint: plain, signal, once: true, operator: program, patience })
  }

  test('that ends says how, and what it said last', async ({ temporary }) => {
    const program = ['-e', 'console.error("starting\\nout of luck"); process.exit(3)', 'run']
    const because = 'tierwall ended with exit code 3: out of luck'
    expect(await play(temporary, program, 20_000)).toEqual({ is: 'failed', because })
    expect(await findRemains(temporary)).toEqual([])
  })

  test('that writes no policies says so', async ({ temporary }) => {
    const because = 'after 10 s the policies of shop are still none'
    expect(await play(temporary, [operator, 'run', '--isolation', 'audit'], 10_000)).toEqual({ is: 'failed', because })
    expect(await findRemains(temporary)).toEqual([])
  })
})

describe('what the demo shows', () => {
  offline('is a table in which what has changed carries a star', () => {
    const now = new Set(['web -> api:5000', 'outside -> web:80'])
    const before = new Set([...allWays].filter(way => way !== 'web -> api:5000' && way !== 'db -> web:80'))
    expect(drawTable(now, before, plain).map(line => line.trimEnd())).toEqual([
      'from \\ to       web:80    api:5000    db:3306    internet:443',
      'web             -         open *      shut *     shut *',
      'api             shut *    -           shut *     shut *',
      'db              shut      shut *      -          shut *',
      'a pod in lab    shut *    shut *      shut *     shut *',
      'internet        open      shut *      shut *     -',
    ])
  })

  const web = { podSelector: { matchLabels: { app: 'web' } } }
  const port = (number: number) => ({ protocol: 'TCP' as const, port: number })
  const data = { namespaceSelector: { matchLabels: { name: 'data' } } }
  const ten = { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [port(80), port(443)] }
  const policies: readonly (readonly [string, Omit<NetworkPolicy['spec'], 'podSelector'>])[] = [
    ['in: web:5000', { policyTypes: ['Ingress'], ingress: [{ from: [web], ports: [port(5000)] }] }],
    ['in: anyone', { policyTypes: ['Ingress'], ingress: [{}] }],
    ['in: nobody  out: DNS', { policyTypes: ['Ingress', 'Egress'], egress: [{ to: [data], ports: [port(53)] }] }],
    ['out: any pod in data, 10.0.0.0/8:80+443', { policyTypes: ['Egress'], egress: [{ to: [data] }, ten] }],
  ]

  offline.each(policies)('of a policy is %s', (words, spec) => {
    expect(describePolicy({ ...web, ...spec })).toBe(words)
    expect(describePolicy({ podSelector: {}, ...spec })).toBe(`all pods  ${words}`)
  })

  offline('is broken where a line ends, and never within a word', () => {
    expect(breakLines('a few words\nand one-that-is-far-too-long here', 11)).toEqual([
      'a few words',
      'and',
      'one-that-is-far-too-long',
      'here',
    ])
  })
})
