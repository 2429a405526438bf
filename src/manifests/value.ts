/** YAML nodes → the JSON value that kubectl would send: merge keys merged, aliases followed, keys as text. */

import type { YamlFault, YamlMap, YamlNode, YamlRead } from './node.ts'
import { readScalar } from './scalar.ts'
import { fixForTemplate } from './yaml.ts'

/** Nodes that may be reached through aliases in one document: an alias bomb has millions. */
const mostAliased = 100_000

interface Budget {
  aliased: number
  depth: number
}

export function readValue(root: YamlNode): YamlRead<unknown> {
  return readNode(root, { aliased: 0, depth: 0 })
}

function readNode(node: YamlNode, budget: Budget): YamlRead<unknown> {
  if (budget.depth > 0 && ++budget.aliased > mostAliased)
    return {
      fault: faultAt(node, `the aliases of this document unfold into over ${mostAliased} values`, 'use fewer aliases'),
    }
  switch (node.kind) {
    case 'scalar':
      return readScalar(node)
    case 'alias':
      return throughAlias(node.target, budget)
    case 'list':
      return listOf(node.items, budget)
    case 'map':
      return mapOf(node, budget)
  }
}

function throughAlias(target: YamlNode, budget: Budget): YamlRead<unknown> {
  budget.depth++
  const read = readNode(target, budget)
  budget.depth--
  return read
}

function listOf(items: readonly YamlNode[], budget: Budget): YamlRead<unknown[]> {
  const list: unknown[] = []
  for (const item of items) {
    const read = readNode(item, budget)
    if ('fault' in read) return read
    list.push(read.value)
  }
  return { value: list }
}

type Json = Record<string, unknown>

/** What one map holds so far, and which of its keys came out of `<<`. */
interface Filling {
  readonly map: Json
  readonly merged: Set<string>
  isMerged: boolean
}

function mapOf(node: YamlMap, budget: Budget): YamlRead<Json> {
  const filling: Filling = { map: {}, merged: new Set(), isMerged: false }
  for (const { key, value } of node.entries) {
    const wrong = isMergeKey(key) ? mergeInto(filling, key, value, budget) : setKey(filling, key, value, budget)
    if (wrong) return { fault: wrong }
  }
  return { value: filling.map }
}

function setKey(filling: Filling, key: YamlNode, value: YamlNode, budget: Budget): YamlFault | undefined {
  const name = nameOf(key)
  if ('fault' in name) return name.fault
  if (Object.hasOwn(filling.map, name.value) && !filling.merged.has(name.value))
    return faultAt(key, `the key '${name.value}' stands twice in one map`, 'take one of the two away')
  const read = readNode(value, budget)
  if ('fault' in read) return read.fault
  filling.merged.delete(name.value)
  put(filling.map, name.value, read.value)
  return undefined
}

/** YAML has keys of any kind, JSON only text: kubectl writes numbers and booleans out. */
export function nameOf(key: YamlNode): YamlRead<string> {
  if (key.kind === 'alias') return nameOf(key.target)
  if (key.kind !== 'scalar') return { fault: faultAt(key, 'a key is no text but a map or a list', quoteBraces) }
  const read = readScalar(key)
  if ('fault' in read) return read
  if (read.value === null) return { fault: faultAt(key, 'a key is missing', 'write a key before the colon') }
  return { value: String(read.value) }
}

const quoteBraces = `put text with braces in quotes; ${fixForTemplate}`

export function isMergeKey(key: YamlNode): boolean {
  return key.kind === 'scalar' && key.plain && key.text === '<<' && key.tag === undefined
}

function mergeInto(filling: Filling, key: YamlNode, value: YamlNode, budget: Budget): YamlFault | undefined {
  if (filling.isMerged) return faultAt(key, "the key '<<' stands twice in one map", 'write <<: [*first, *second]')
  filling.isMerged = true
  for (const source of mergeSources(value)) {
    const read = readNode(source, budget)
    if ('fault' in read) return read.fault
    if (!isJsonMap(read.value)) return faultAt(source, '<< takes maps only', 'name the anchor of a map')
    for (const [name, merged] of Object.entries(read.value)) {
      if (filling.merged.has(name)) continue
      // Here kubectl lets `<<` win and YAML's own rule the key, so neither is taken.
      if (Object.hasOwn(filling.map, name))
        return faultAt(key, `'${name}' stands before a << that has it as well`, 'write << first')
      filling.merged.add(name)
      put(filling.map, name, merged)
    }
  }
  return undefined
}

/** One map or a list of them, of which the earlier wins. */
export function mergeSources(value: YamlNode): readonly YamlNode[] {
  return value.kind === 'list' ? value.items : [value]
}

function put(map: Json, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true })
  else map[name] = value
}

export function isJsonMap(value: unknown): value is Readonly<Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function faultAt(node: YamlNode, message: string, fix: string): YamlFault {
  return { offset: node.start, message, fix }
}
