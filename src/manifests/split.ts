/** The text of a file → its documents, each with the place where it starts, so that a broken one breaks no other. */
import { splitJson } from './json.ts'

export interface DocumentText {
  readonly file: string
  readonly text: string
  /** From 1; the column is another than 1 behind `---` and where several JSON values share a line. */
  readonly line: number
  readonly column: number
}

export function splitDocuments(file: string, text: string): DocumentText[] {
  const documents: DocumentText[] = []
  let lineStart = 0
  let line = 1
  for (const { start, text: part } of splitYaml(text).flatMap(splitValues)) {
    for (let end = text.indexOf('\n', lineStart); end >= 0 && end < start; end = text.indexOf('\n', lineStart)) {
      lineStart = end + 1
      line++
    }
    documents.push({ file, text: part, line, column: start - lineStart + 1 })
  }
  return documents
}

interface Part {
  readonly start: number
  readonly text: string
}

function splitYaml(text: string): Part[] {
  const parts: Part[] = []
  let start = 0
  for (const { 0: marker, index } of [
    ...text.matchAll(/(?<![^\n])(?:---|\.\.\.)(?=[ \t\r\n]|$)/g),
    { 0: '', index: text.length },
  ]) {
    const part = text.slice(start, index)
    // Directives count for the document behind the marker.
    if (marker === '---' && isPrelude(part) && /(?<![^\n])%/.test(part)) continue
    if (!isPrelude(part)) parts.push({ start, text: part })
    start = index + marker.length
  }
  return parts
}

/** Only blank lines, comments and directives. */
function isPrelude(part: string): boolean {
  return !/(?<![^\n])(?!%)[ \t]*[^\s#]/.test(part)
}

function splitValues(part: Part): Part[] {
  if (!/^\s*\{/.test(part.text)) return [part]
  let start = part.start
  return splitJson(part.text).map(text => {
    start += text.length
    return { start: start - text.length, text }
  })
}
