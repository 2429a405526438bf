/** A ResourceList's text → what a function needs of it, and a door to change its items while all else stays as it is. */
import { type Document, isSeq, type Node, parseDocument } from 'yaml'
import { z } from 'zod'
import { orEmptyList } from '../../api/absent.ts'
import { written } from '../../api/annotations.ts'
import { readDocument } from '../../manifests/document.ts'
import { splitDocuments } from '../../manifests/split.ts'
import type { Trouble } from '../../report/world/name.ts'

const item = z.looseObject({
  apiVersion: z.unknown().optional(),
  kind: z.unknown().optional(),
  metadata: z
    .looseObject({
      name: z.string().optional().catch(undefined),
      namespace: z.string().optional().catch(undefined),
      labels: z.record(z.string(), z.unknown()).nullish().catch(undefined),
      annotations: z.record(z.string(), z.unknown()).nullish().catch(undefined),
    })
    .optional()
    .catch(undefined),
})
export type Item = z.infer<typeof item>

const schema = z.looseObject({
  kind: z.literal('ResourceList'),
  items: orEmptyList(item),
  functionConfig: z.unknown().optional(),
})

export interface ResourceList {
  readonly items: readonly Item[]
  readonly functionConfig: unknown
  readonly document: Document
}

export const stdin = '<stdin>'

export function readResourceList(text: string): { readonly list: ResourceList } | { readonly trouble: Trouble } {
  const [first, ...others] = splitDocuments(stdin, text)
  const fix = 'give one as kustomize or kpt writes it: apiVersion: config.kubernetes.io/v1, kind: ResourceList, items'
  if (!first || others.length > 0) return { trouble: { message: 'stdin holds no single ResourceList', fix } }
  const json = readDocument(first)
  if ('fault' in json) return { trouble: json.fault }
  const read = schema.safeParse(json.value)
  if (!read.success) return { trouble: { message: 'stdin holds no ResourceList', fix } }
  return { list: { items: read.data.items, functionConfig: read.data.functionConfig, document: parseKeeping(text) } }
}

/** Every scalar keeps its spelling: what it means to others is not ours to decide. */
export function parseKeeping(text: string): Document {
  return parseDocument(text, {
    schema: 'failsafe',
    customTags: ['null'],
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
}

export function writeDocument(document: Document): string {
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false })
}

/** Each item's node stays (`undefined`), goes, or gives its place to another; the new ones come last. */
export function changeItems(
  document: Document,
  changes: readonly ('keep' | 'drop' | Node)[],
  added: readonly Node[],
): void {
  const items = document.get('items')
  const list = isSeq(items) ? items.items : []
  const kept = list.flatMap((node, index) => {
    const change = changes[index] ?? 'keep'
    return change === 'keep' ? [node] : change === 'drop' ? [] : [change]
  })
  if (isSeq(items)) items.items = [...kept, ...added]
  else if (added.length > 0) document.set('items', document.createNode([...added]))
}

export function isWrittenByUs({ apiVersion, kind, metadata }: Item): boolean {
  return (
    apiVersion === 'networking.k8s.io/v1' &&
    kind === 'NetworkPolicy' &&
    metadata?.labels?.[written.managedByLabel] === written.manager
  )
}
