/** JSON text → values, many times faster than YAML; what is no clean JSON is left to the YAML reader and its messages. */
import { deepest } from './node.ts'

interface Shape {
  /** One per key. */
  readonly colons: number
  readonly depth: number
  /** Where each value of a stream ends. */
  readonly ends: readonly number[]
}

function scanShape(text: string): Shape {
  let colons = 0
  let depth = 0
  let most = 0
  let quoted = false
  const ends: number[] = []
  for (let at = 0; at < text.length; at++) {
    const unit = text[at]
    if (quoted) {
      if (unit === '\\') at++
      else if (unit === '"') quoted = false
    } else if (unit === '"') quoted = true
    else if (unit === ':') colons++
    else if (unit === '{' || unit === '[') most = Math.max(most, ++depth)
    else if ((unit === '}' || unit === ']') && --depth === 0) ends.push(at + 1)
  }
  return { colons, depth: most, ends }
}

/** Nothing where the text is no JSON, where a key stands twice, or where the nesting is too deep. */
export function readJson(text: string): { readonly value: unknown } | undefined {
  const { colons, depth } = scanShape(text)
  if (depth > deepest) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return hasKeys(value, colons) ? { value } : undefined
  } catch {
    return undefined
  }
}

/** Of two equal keys JSON.parse keeps one, and 1e400 it reads as Infinity. */
function hasKeys(value: unknown, expected: number): boolean {
  let keys = 0
  const values = [value]
  for (let at = values.pop(); at !== undefined; at = values.pop()) {
    if (typeof at === 'number' && !Number.isFinite(at)) return false
    if (typeof at !== 'object' || at === null) continue
    const inner = Object.values(at)
    if (!Array.isArray(at)) keys += inner.length
    for (const each of inner) values.push(each)
  }
  return keys === expected
}

/** `{…}{…}`, as `jq -c '.items[]'` prints it, becomes one text a value; anything else stays whole. */
export function splitJson(text: string): string[] {
  const { ends } = scanShape(text)
  const starts = [0, ...ends.slice(0, -1)]
  const isStream = ends.length > 1 && starts.every(start => /^\s*\{/.test(text.slice(start, start + 1000)))
  if (!isStream || text.slice(ends.at(-1)).trim() !== '') return [text]
  return starts.map((start, index) => text.slice(start, ends[index]))
}
