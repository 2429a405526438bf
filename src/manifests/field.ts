/** A path of field names → the node that stands there, or the nearest parent that does. */
import type { FieldPath } from '../api/source.ts'
import type { YamlEntry, YamlNode } from './node.ts'
import { isMergeKey, mergeSources, nameOf } from './value.ts'

export interface FoundNode {
  readonly node: YamlNode
  readonly key: YamlNode | undefined
  readonly isWholePath: boolean
}

export function findNode(root: YamlNode, path: FieldPath): FoundNode {
  let found: FoundNode = { node: followAlias(root), key: undefined, isWholePath: true }
  for (const step of path) {
    const next = enter(found.node, step)
    if (next === undefined) return { ...found, isWholePath: false }
    found = { node: followAlias(next.value), key: next.key, isWholePath: true }
  }
  return found
}

interface Entered {
  readonly value: YamlNode
  readonly key: YamlNode | undefined
}

function enter(node: YamlNode, step: string | number): Entered | undefined {
  if (node.kind === 'list') {
    const value = node.items[Number(step)]
    return value && { value, key: undefined }
  }
  if (node.kind !== 'map') return undefined
  return node.entries.find(entry => isNamed(entry, String(step))) ?? enterMerged(node.entries, step)
}

function isNamed({ key }: YamlEntry, name: string): boolean {
  const read = nameOf(key)
  return 'value' in read && read.value === name && !isMergeKey(key)
}

function enterMerged(entries: readonly YamlEntry[], step: string | number): Entered | undefined {
  for (const { key, value } of entries) {
    if (!isMergeKey(key)) continue
    for (const source of mergeSources(value)) {
      const found = enter(followAlias(source), step)
      if (found) return found
    }
  }
  return undefined
}

function followAlias(node: YamlNode): YamlNode {
  return node.kind === 'alias' ? followAlias(node.target) : node
}

/** Block maps, block lists and missing values are shown by their key, whose line a person looks for. */
export function offsetOf(
  text: string,
  { node, key, isWholePath }: FoundNode,
  span?: readonly [number, number],
): number {
  const hasOwnText = node.kind === 'scalar' ? node.text !== '' || !node.plain : node.kind === 'alias' || node.flow
  if (!isWholePath || !hasOwnText) return (key ?? node).start
  return span && node.kind === 'scalar' ? node.start + offsetOfSpan(text, node, span) : node.start
}

/** Only where the text stands as it reads: no escapes, no folded lines. */
function offsetOfSpan(
  text: string,
  { start, text: value }: { start: number; text: string },
  [from]: readonly [number, number],
): number {
  const quote = text[start] === '"' || text[start] === "'" ? 1 : 0
  return text.startsWith(value, start + quote) ? quote + from : 0
}

export function writtenAs({ node, isWholePath }: FoundNode): string | undefined {
  return isWholePath && node.kind === 'scalar' ? node.text : undefined
}
