import { describe, expect, test } from 'vitest'
import { findImports, readSource, type SourceFile } from './source.ts'

interface Layer {
  /** A folder of src, or a file. */
  readonly name: string
  readonly may: readonly string[]
  /** Only their types: nothing of them runs here. */
  readonly mayType?: readonly string[]
  /** Computes from what it is given alone; of Node it may use the names listed. */
  readonly pure?: Readonly<Record<string, readonly string[]>>
  /** What a person reads when an import points the wrong way. */
  readonly because: string
}

const layers: readonly Layer[] = [
  { name: 'api', may: [], pure: {}, because: 'the words and shapes that all share know nothing of who uses them' },
  {
    name: 'intent',
    may: ['api'],
    pure: {},
    because: 'what each tier wants is read before anybody knows who meets whom',
  },
  {
    name: 'graph',
    may: ['api', 'intent'],
    pure: {},
    because: 'who may reach whom is settled before any policy exists',
  },
  {
    name: 'policy',
    may: ['api', 'graph'],
    mayType: ['intent'],
    pure: { 'node:crypto': ['createHash'] },
    because: 'policies are written from the graph alone, so that whatever is in a policy is explained by an edge',
  },
  {
    name: 'plan',
    may: ['api', 'policy'],
    pure: {},
    because: 'a plan compares policies and asks nobody why they are as they are',
  },
  {
    name: 'evaluate',
    may: [],
    mayType: ['api/kubernetes.ts'],
    pure: { 'node:net': ['BlockList', 'isIP', 'isIPv4', 'isIPv6'] },
    because: 'the evaluator judges what the renderer writes, so the two share no code',
  },
  {
    name: 'engine.ts',
    may: ['api', 'intent', 'graph', 'policy'],
    pure: {},
    because: 'the engine only joins the pure stages',
  },
  {
    name: 'lint',
    may: ['api', 'intent', 'graph', 'policy', 'evaluate', 'engine.ts'],
    because: 'a check looks at what the stages found and changes nothing',
  },
  {
    name: 'report',
    may: ['api', 'intent', 'graph', 'policy', 'plan', 'evaluate', 'lint', 'engine.ts'],
    because: 'a report shows results and neither reads files nor asks the cluster',
  },
  { name: 'manifests', may: ['api'], because: 'reading files takes no knowledge of tiers' },
  { name: 'cluster', may: ['api'], because: 'talking to an API server takes no knowledge of tiers' },
  { name: 'controlplane', may: ['api'], because: 'a control plane starts without knowing what will run on it' },
  {
    name: 'live',
    may: ['api', 'intent', 'graph', 'policy', 'plan', 'engine.ts'],
    mayType: ['cluster'],
    pure: {},
    because: 'what a cluster holds is judged the same way by the operator and by the commands that only look',
  },
  {
    name: 'install',
    may: ['api', 'live/resources.ts'],
    pure: {},
    because: 'what an installation grants comes from the list of what the code asks for, and from nothing else',
  },
  {
    name: 'doctor',
    may: [
      'api',
      'intent',
      'graph',
      'engine.ts',
      'cluster',
      'live',
      'lint/survey/list-few.ts',
      'report/one-line.ts',
      'report/paint.ts',
    ],
    pure: {},
    because: 'doctor asks the cluster through what it is given, and judges what it saw by the stages that decide',
  },
  { name: 'operator', may: ['*'], because: '' },
  { name: 'cli', may: ['*'], because: '' },
]

const files = readSource('src')

function layerOf(path: string): Layer | undefined {
  return layers.find(({ name }) => isIn(path, name))
}

function isIn(path: string, name: string): boolean {
  return path === `src/${name}` || path.startsWith(`src/${name}/`)
}

function wrongImports(file: SourceFile, { name, may, mayType = [], because }: Layer): string[] {
  if (may.includes('*')) return []
  return file.imports
    .filter(({ from }) => from.startsWith('src/'))
    .filter(({ from, isType }) => ![name, ...may, ...(isType ? mayType : [])].some(allowed => isIn(from, allowed)))
    .map(({ from }) => `${file.path} imports ${from}: ${because}`)
}

const impurities: Readonly<Record<string, RegExp>> = {
  'the time': /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\./,
  'a timer': /\bset(?:Timeout|Interval|Immediate)\(/,
  chance: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/,
  'the process': /\bprocess\./,
  'the network': /\bfetch\(/,
}

function impureUses({ path, code, imports }: SourceFile, { pure }: Layer): string[] {
  if (!pure) return []
  const given = 'a pure stage is given what it needs, so that the same input gives the same bytes'
  const modules = imports
    .filter(({ from, names }) => from.startsWith('node:') && !names.every(name => pure[from]?.includes(name)))
    .map(({ from, names }) => `${path} uses ${names.join(', ')} of ${from}: ${given}`)
  const uses = Object.entries(impurities)
    .filter(([, use]) => use.test(code))
    .map(([what]) => `${path} uses ${what}: ${given}`)
  return [...modules, ...uses]
}

/** The files of one cycle, the first of them once more at its end. */
function findCycle(all: readonly SourceFile[]): string[] | undefined {
  const byPath = new Map(all.map(file => [file.path, file]))
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (done.has(path)) return undefined
    for (const { from } of byPath.get(path)?.imports ?? []) {
      const cycle = visit(from, [...trail, path])
      if (cycle) return cycle
    }
    done.add(path)
    return undefined
  }
  for (const { path } of all) {
    const cycle = visit(path, [])
    if (cycle) return cycle
  }
  return undefined
}

/** Each with what earns it its length. */
const longFiles: Readonly<Record<string, string>> = {
  'src/api/problem.ts': 'one table holds every problem code, with its example',
}

describe('the source', () => {
  test('has every file in a folder that the layers know', () => {
    const strangers = files
      .filter(({ path }) => !layerOf(path))
      .map(({ path }) => `${path} belongs to no layer of the table`)
    expect(strangers).toEqual([])
  })

  test.each(layers)('of $name imports only what comes before it', layer => {
    const own = files.filter(({ path }) => layerOf(path) === layer)
    expect(own.flatMap(file => wrongImports(file, layer))).toEqual([])
  })

  test.each(layers.filter(layer => layer.pure))('of $name touches no file, network, clock or chance', layer => {
    const own = files.filter(({ path }) => layerOf(path) === layer)
    expect(own.flatMap(file => impureUses(file, layer))).toEqual([])
  })

  test('of the product does not import the control plane, which the package does not have', () => {
    const users = files
      .filter(({ path }) => !path.startsWith('src/controlplane/'))
      .filter(({ imports }) => imports.some(({ from }) => from.startsWith('src/controlplane/')))
    expect(users.map(({ path }) => path)).toEqual([])
  })

  test('has no cycle of imports', () => {
    expect(findCycle(files)?.join(' imports ')).toBeUndefined()
  })

  test('has no file over 300 lines that has not earned it', () => {
    const long = files.filter(({ path, lines }) => lines > 300 && !Object.hasOwn(longFiles, path))
    expect(
      long.map(({ path, lines }) => `${path} has ${lines} lines: part it, or say in the list why it stays whole`),
    ).toEqual([])
  })

  test('needs every line of the list of long files', () => {
    const short = Object.keys(longFiles).filter(path => !files.some(file => file.path === path && file.lines > 300))
    expect(short.map(path => `${path} is not over 300 lines: take it off the list`)).toEqual([])
  })
})

describe('the reader of imports', () => {
  test('finds each kind of import, and which bring types alone', () => {
    const code = `import a, { b } from './b.ts'
import type { C } from '../api/c.ts'
import { type D, type E } from './d.ts'
import {
  type F,
  g,
} from './f.ts'
import * as h from 'node:fs'
import './side.ts'
export * from './all.ts'
export type { I } from './i.ts'
const text = "import x from './no.ts'"
const later = await import('./later.ts')
export const j = 'from'
`
    expect(findImports('src/x/a.ts', code).map(({ from, isType }) => `${isType ? 'type ' : ''}${from}`)).toEqual([
      'src/x/b.ts',
      'type src/api/c.ts',
      'type src/x/d.ts',
      'src/x/f.ts',
      'node:fs',
      'src/x/side.ts',
      'src/x/all.ts',
      'type src/x/i.ts',
      'src/x/later.ts',
    ])
  })

  test('sees an import that points the wrong way', () => {
    const [api] = layers
    const file = {
      path: 'src/api/a.ts',
      code: '',
      lines: 1,
      imports: [{ from: 'src/graph/b.ts', isType: true, names: [] }],
    }
    expect(api && wrongImports(file, api)).toEqual([
      'src/api/a.ts imports src/graph/b.ts: the words and shapes that all share know nothing of who uses them',
    ])
  })

  test('sees a use of the clock and of files', () => {
    const [api] = layers
    const imports = [{ from: 'node:fs', isType: false, names: ['readFileSync'] }]
    const file = { path: 'src/api/a.ts', code: 'const now = Date.now()', lines: 1, imports }
    expect(api && impureUses(file, api)).toHaveLength(2)
  })

  test('sees a cycle', () => {
    const file = (path: string, from: string) => ({
      path,
      code: '',
      lines: 1,
      imports: [{ from, isType: true, names: [] }],
    })
    expect(findCycle([file('a', 'b'), file('b', 'c'), file('c', 'b')])).toEqual(['b', 'c', 'b'])
  })
})
