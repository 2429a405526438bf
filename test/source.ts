/** The files of src and what each imports, for the tests that look at the code itself. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

export interface Import {
  /** A path from the root of the repository, or the name of a package. */
  readonly from: string
  readonly isType: boolean
  readonly names: readonly string[]
}

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string
  /** Without comments. */
  readonly code: string
  readonly lines: number
  readonly imports: readonly Import[]
}

const root = join(import.meta.dirname, '..')

export function readSource(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .sort()
    .map(path => readSourceFile(join(folder, path)))
}

function readSourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!['"`:])\/\/.*/g, '')
  return { path, code, lines: text.trimEnd().split('\n').length, imports: findImports(path, code) }
}

const statement = /^(?:import|export)\s+(?<type>type\s+)?(?:(?<names>[^'";=]*?)\s*from\s*)?'(?<from>[^']+)'/gm
const call = /\bimport\(\s*['"`](?<from>[^'"`]+)['"`]/g

export function findImports(path: string, code: string): Import[] {
  const statements = [...code.matchAll(statement)].map(({ groups }) => {
    const names = (groups?.names ?? '')
      .replaceAll(/[{}\s]+/g, ' ')
      .split(',')
      .map(name => name.trim())
      .filter(Boolean)
    const isType = groups?.type !== undefined || (names.length > 0 && names.every(name => name.startsWith('type ')))
    return { from: resolve(path, groups?.from ?? ''), isType, names }
  })
  const calls = [...code.matchAll(call)].map(({ groups }) => {
    return { from: resolve(path, groups?.from ?? ''), isType: false, names: ['*'] }
  })
  return [...statements, ...calls]
}

function resolve(path: string, from: string): string {
  return from.startsWith('.') ? relative('.', normalize(join(dirname(path), from))) : from
}
