/** Paths as the user wrote them → the bytes of the files there: files, folders with all below them, `-` for stdin. */
import type { Dirent } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'

export type FileRead =
  | { readonly file: string; readonly bytes: Uint8Array }
  | { readonly file: string; readonly message: string; readonly fix: string }

export const stdinName = '<stdin>'

/** Each file once, by however many paths and links it is reached; a folder's files in the order of their names. */
export async function* readFiles(
  paths: readonly string[],
  readStdin: () => Promise<Uint8Array>,
): AsyncGenerator<FileRead> {
  const seen = new Set<string>()
  for (const path of new Set(paths)) {
    if (path === '-') yield await attempt(stdinName, readStdin)
    else yield* readPath(path, seen)
  }
}

async function* readPath(path: string, seen: Set<string>): AsyncGenerator<FileRead> {
  const found = await lookAt(path)
  if ('message' in found) yield found
  if ('message' in found || seen.has(found.real)) return
  seen.add(found.real)
  if (found.entries === undefined) return yield await attempt(path, () => readFile(path))
  for (const entry of found.entries) {
    const inner = `${path.replace(/\/+$/, '')}/${entry.name}`
    if (await isWanted(entry, inner)) yield* readPath(inner, seen)
  }
}

/** The entries of a folder, none of a file. */
async function lookAt(path: string) {
  try {
    const real = await realpath(path)
    const entries = (await stat(real)).isDirectory() ? await readdir(real, { withFileTypes: true }) : undefined
    return { real, entries: entries?.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  } catch (error) {
    return { file: path, ...explain(error) }
  }
}

async function isWanted(entry: Dirent, path: string): Promise<boolean> {
  if (entry.name.startsWith('.') || entry.name === 'node_modules') return false
  if (entry.isDirectory()) return true
  if (entry.isSymbolicLink() && (await isFolder(path))) return true
  return (entry.isFile() || entry.isSymbolicLink()) && /\.(?:ya?ml|json)$/i.test(entry.name)
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
}

async function attempt(file: string, read: () => Promise<Uint8Array>): Promise<FileRead> {
  try {
    return { file, bytes: await read() }
  } catch (error) {
    return { file, ...explain(error) }
  }
}

const explanations: Readonly<Record<string, { readonly message: string; readonly fix: string }>> = {
  EACCES: { message: 'this may not be read', fix: 'ask for the right to read it' },
  ENOENT: { message: 'there is no such file or folder', fix: 'check the path' },
  ENOTDIR: { message: 'there is no such file or folder', fix: 'check the path' },
}

function explain(error: unknown): { readonly message: string; readonly fix: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = error instanceof Error ? error.message : String(error)
  return explanations[code] ?? { message: `this cannot be read: ${reason}`, fix: 'check the path' }
}
