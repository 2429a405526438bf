/** The text of one YAML document → nodes, ten times as fast as by the library that explains what is wrong. */
import { EVENT_ID, type Event, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml'
import type { YamlEntry, YamlNode } from './node.ts'

/** Nothing where there is anything to complain about: the other library has the better words for it. */
export function parseEagerly(text: string, maxDepth: number): YamlNode | undefined {
  try {
    const events = parseEvents(text, { maxDepth })
    // One document: its event, its node, its end.
    return buildNode({ text, events, next: 1, place: 0, anchors: new Map() })
  } catch {
    return undefined
  }
}

interface Cursor {
  readonly text: string
  readonly events: readonly Event[]
  readonly anchors: Map<string, YamlNode>
  next: number
  /** Where a node stands that has no text of its own. */
  place: number
}

type Content = Extract<Event, { readonly tagStart: number }>

function buildNode(cursor: Cursor): YamlNode | undefined {
  const event = cursor.events[cursor.next++]
  if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return undefined
  const name = event.anchorStart < 0 ? undefined : cursor.text.slice(event.anchorStart, event.anchorEnd)
  if (event.type === EVENT_ID.ALIAS) {
    const target = cursor.anchors.get(name ?? '')
    return target && { kind: 'alias', start: event.anchorStart - 1, target }
  }
  const node = buildContent(cursor, event)
  // An anchor counts only once its node is complete, so no node can contain itself.
  if (node && name !== undefined) cursor.anchors.set(name, node)
  return node
}

function buildContent(cursor: Cursor, event: Content): YamlNode | undefined {
  if (event.type === EVENT_ID.SCALAR) return buildScalar(cursor, event)
  const { start } = event
  const flow = cursor.text[start] === '{' || cursor.text[start] === '['
  const nodes: YamlNode[] = []
  while (cursor.events[cursor.next]?.type !== EVENT_ID.POP) {
    cursor.place = nodes.at(-1)?.start ?? start
    const node = buildNode(cursor)
    if (!node) return undefined
    nodes.push(node)
  }
  cursor.next++
  if (event.type === EVENT_ID.SEQUENCE) return { kind: 'list', start, flow, items: nodes }
  return { kind: 'map', start, flow, entries: pairUp(nodes) }
}

function pairUp(nodes: readonly YamlNode[]): YamlEntry[] {
  const entries: YamlEntry[] = []
  for (let index = 0; index < nodes.length; index += 2) {
    const [key, value] = [nodes[index], nodes[index + 1]]
    if (key && value) entries.push({ key, value })
  }
  return entries
}

function buildScalar({ text, place }: Cursor, event: ScalarEvent): YamlNode {
  const isEmpty = event.valueStart < 0
  const { style } = event
  const isBlock = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK
  const quote = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0
  return {
    kind: 'scalar',
    start: isEmpty ? place : isBlock ? skipIndent(text, event.valueStart) : event.valueStart - quote,
    text: isEmpty ? '' : getScalarValue(text, event),
    plain: style === SCALAR_STYLE.PLAIN,
    tag: event.tagStart < 0 ? undefined : longTag(text.slice(event.tagStart, event.tagEnd)),
  }
}

/** A block scalar's text begins with its indentation. */
function skipIndent(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at++
  return at
}

function longTag(tag: string): string {
  if (tag.startsWith('!!')) return `tag:yaml.org,2002:${tag.slice(2)}`
  return tag.startsWith('!<') ? tag.slice(2, -1) : tag
}
