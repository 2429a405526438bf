/** One document's text → its value, and the place of any of its fields when somebody asks for it. */
import type { FieldPath, Place } from '../api/source.ts'
import { findNode, offsetOf, writtenAs } from './field.ts'
import { readJson } from './json.ts'
import type { YamlFault, YamlNode, YamlRead } from './node.ts'
import type { DocumentText } from './split.ts'
import { readValue } from './value.ts'
import { parseYaml } from './yaml.ts'

export type { Place }

export function readDocument({ text }: DocumentText): YamlRead<unknown> {
  const json = /^\s*[{[]/.test(text) ? readJson(text) : undefined
  if (json) return json
  const root = parseYaml(text)
  return 'fault' in root ? root : readValue(root.value)
}

export function placeOfFault(document: DocumentText, fault: YamlFault): Place {
  return placeAt(document, fault.offset)
}

/** The nodes of the documents that were asked for last: problems come in bunches. */
const remembered = 16

export interface Locator {
  readonly placeOf: (document: DocumentText, path: FieldPath, span?: readonly [number, number]) => Place
  /** A scalar as it stands in the text, without its quotes. */
  readonly writtenAt: (document: DocumentText, path: FieldPath) => string | undefined
}

/** Keeping the nodes of every document would take a hundred times the text, so they are parsed again on demand. */
export function makeLocator(): Locator {
  const roots = new Map<DocumentText, YamlNode | undefined>()
  const rootOf = (document: DocumentText): YamlNode | undefined => {
    if (roots.has(document)) return roots.get(document)
    const read = parseYaml(document.text)
    const root = 'value' in read ? read.value : undefined
    for (const oldest of roots.keys()) if (roots.size >= remembered) roots.delete(oldest)
    roots.set(document, root)
    return root
  }
  return {
    placeOf: (document, path, span) => {
      const root = rootOf(document)
      return placeAt(document, root ? offsetOf(document.text, findNode(root, path), span) : 0)
    },
    writtenAt: (document, path) => {
      const root = rootOf(document)
      return root && writtenAs(findNode(root, path))
    },
  }
}

function placeAt({ file, text, line, column }: DocumentText, offset: number): Place {
  const before = text.slice(0, offset).split('\n')
  const last = before.at(-1)?.length ?? 0
  return before.length === 1
    ? { file, line, column: column + last }
    : { file, line: line + before.length - 1, column: last + 1 }
}
