/** The text of one YAML document → nodes that know where they stand, or what is wrong with it. */
import {
  isAlias,
  isScalar,
  isSeq,
  type ParsedNode,
  parseDocument,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { parseEagerly } from './events.ts'
import { deepest, type YamlEntry, type YamlFault, type YamlNode, type YamlRead } from './node.ts'

const fixes: Partial<Record<YAMLError['code'], string>> = {
  BAD_DIRECTIVE: 'take the directive away',
  BAD_INDENT: 'check the indentation and the closing brackets',
  BAD_SCALAR_START: 'put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: "check the indentation; a value with ': ' in it needs quotes",
  MULTILINE_IMPLICIT_KEY: 'check the indentation; a text over several lines needs | or quotes',
  TAB_AS_INDENT: 'indent with spaces',
}

/** An empty document is an empty scalar, which reads as null. */
export function parseYaml(text: string): YamlRead<YamlNode> {
  const node = parseEagerly(text, deepest)
  return node ? { value: node } : parseWithWords(text)
}

function parseWithWords(text: string): YamlRead<YamlNode> {
  const document = parseDocument(text, {
    schema: 'failsafe',
    resolveKnownTags: false,
    // The library compares every key with every other; `value.ts` looks each up once.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const error = document.errors[0]
  if (error) return { fault: faultOf(error, text) }
  return convert(document.contents, new Map(), 0, 0)
}

function faultOf(error: YAMLError, text: string): YamlFault {
  // What is missing at the end is missing on the last line with text, not on the next document's.
  const offset = Math.min(error.pos[0], text.trimEnd().length)
  if (error.message.startsWith('Maximum call stack')) return tooDeep(offset)
  return {
    offset,
    message: `this is no valid YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`,
    fix: text.includes('{{') ? fixForTemplate : (fixes[error.code] ?? 'correct the syntax'),
  }
}

export const fixForTemplate = 'a template must be rendered first, as with helm template'

const tooDeep = (offset: number): YamlFault => ({
  offset,
  message: `the nesting is deeper than ${deepest} levels`,
  fix: 'nest less deeply',
})

type Anchors = Map<string, YamlNode>
type Content = Scalar.Parsed | YAMLSeq.Parsed | YAMLMap.Parsed

/** `place` is where a node stands that has no text of its own. */
function convert(node: ParsedNode | null, anchors: Anchors, depth: number, place: number): YamlRead<YamlNode> {
  if (node === null) return { value: { kind: 'scalar', start: place, text: '', plain: true, tag: undefined } }
  const start = node.range[0]
  if (depth > deepest) return { fault: tooDeep(start) }
  if (isAlias(node)) {
    const target = anchors.get(node.source)
    return target
      ? { value: { kind: 'alias', start, target } }
      : { fault: { offset: start, ...undefinedAlias(node.source) } }
  }
  const read = convertContent(node, anchors, depth, start)
  // An anchor counts only once its node is complete, so no node can contain itself.
  if ('value' in read && node.anchor) anchors.set(node.anchor, read.value)
  return read
}

const undefinedAlias = (name: string) => ({
  message: `*${name} names an anchor that is not defined`,
  fix: `put it in quotes if text is meant: "*${name}"`,
})

function convertContent(node: Content, anchors: Anchors, depth: number, start: number): YamlRead<YamlNode> {
  if (isScalar(node)) {
    const text = typeof node.value === 'string' ? node.value : ''
    return { value: { kind: 'scalar', start, text, plain: node.type === 'PLAIN', tag: node.tag } }
  }
  const flow = node.flow === true
  if (isSeq(node)) {
    const items: YamlNode[] = []
    for (const item of node.items) {
      const read = convert(item, anchors, depth + 1, start)
      if ('fault' in read) return read
      items.push(read.value)
    }
    return { value: { kind: 'list', start, flow, items } }
  }
  const entries: YamlEntry[] = []
  for (const pair of node.items) {
    const key = convert(pair.key, anchors, depth + 1, start)
    if ('fault' in key) return key
    const value = convert(pair.value, anchors, depth + 1, key.value.start)
    if ('fault' in value) return value
    entries.push({ key: key.value, value: value.value })
  }
  return { value: { kind: 'map', start, flow, entries } }
}
