/** One file (or `-` for stdin) → its text, or why it cannot be read. */
import { readFile } from 'node:fs/promises'
import { decodeText, type Undecodable } from '../manifests/decode.ts'
import { readStdin } from './terminal.ts'

export async function readTextFile(file: string): Promise<{ readonly text: string } | { readonly fault: Undecodable }> {
  try {
    return decodeText(file === '-' ? await readStdin() : await readFile(file))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const message = explanations[code] ?? `this cannot be read (${code})`
    return { fault: { line: 1, message, fix: 'check the path' } }
  }
}

const explanations: Readonly<Record<string, string>> = {
  EACCES: 'this may not be read',
  EISDIR: 'this is a folder, where one file is wanted',
  ENOENT: 'there is no such file',
}
