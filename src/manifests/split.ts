/** The text of a file → its documents, each with the place where it starts, so that a broken one breaks no other. */
import { splitJson } from './json.ts'

export interface DocumentText {
  readonly file: string
  readonly text: string
  /** From 1; the column is another than 1 where several JSON values share a line. */
  readonly line: number
  readonly column: number
}

export function splitDocuments(file: string, text: string): DocumentText[] {
  const documents: DocumentText[] = []
  let line = 1
  let column = 1
  for (const part of splitYaml(text).flatMap(splitValues)) {
    if (!isPrelude(part)) documents.push({ file, text: part, line, column })
    const breaks = part.split('\n')
    line += breaks.length - 1
    column = breaks.length === 1 ? column + part.length : (breaks.at(-1)?.length ?? 0) + 1
  }
  return documents
}

const splitValues = (part: string) => (/^\s*\{/.test(part) ? splitJson(part) : [part])

/** Comments and directives stay with the document that they precede. */
function splitYaml(text: string): string[] {
  const parts: string[] = []
  let start = 0
  for (const { 0: marker, index } of text.matchAll(/(?<![^\n])(?:---|\.\.\.)(?=[ \t\r\n]|$)/g)) {
    const end = marker === '---' ? index : index + marker.length
    const part = text.slice(start, end)
    if (marker === '---' && isPrelude(part)) continue
    parts.push(part)
    start = end
  }
  return [...parts, text.slice(start)]
}

/** Only blank lines, comments and directives. */
function isPrelude(part: string): boolean {
  return !/(?<![^\n])(?!%)[ \t]*[^\s#]/.test(part)
}
