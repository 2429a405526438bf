/** Which pages there are: the README and all of docs/. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export interface Page {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
}

/** All pages of Markdown in a folder and below it. */
export function readPages(folder: string): readonly Page[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .sort()
    .map(name => readPage(join(folder, name)))
}

export function readPage(path: string): Page {
  return { path, text: readFileSync(join(root, path), 'utf8') }
}

export const pages: readonly Page[] = [readPage('README.md'), ...readPages('docs')]
