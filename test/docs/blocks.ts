/** A page of Markdown → its fenced blocks. */
import type { Page } from './pages.ts'

export interface Block {
  readonly page: string
  readonly line: number
  /** The word behind the fence; empty where there is none. */
  readonly language: string
  readonly text: string
  /** The last line before the block that says something. */
  readonly after: string
  /** The block that follows with nothing between, if it is one of plain text: what a command prints. */
  readonly shows: string | undefined
}

const fence = /^( *)(`{3,})([\w-]*)\s*$/

export function findBlocks({ path, text }: Page): readonly Block[] {
  const lines = text.split('\n')
  const found: (Block & { readonly end: number })[] = []
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', ticks = '', language = ''] = fence.exec(lines[at] ?? '') ?? []
    if (ticks === '') continue
    const end = lines.findIndex((line, index) => index > at && line.trim() === ticks)
    if (end < 0) throw new Error(`${path}:${at + 1}: the block has no end`)
    const content = lines.slice(at + 1, end).map(line => (line.startsWith(indent) ? line.slice(indent.length) : line))
    const after = lines.slice(0, at).findLast(line => line.trim() !== '') ?? ''
    found.push({ page: path, line: at + 1, language, text: content.join('\n'), after, shows: undefined, end })
    at = end
  }
  return found.map(({ end, ...block }, index) => {
    const next = found[index + 1]
    const follows = next?.language === 'text' && lines.slice(end + 1, next.line - 1).every(line => line.trim() === '')
    return follows ? { ...block, shows: next.text } : block
  })
}
