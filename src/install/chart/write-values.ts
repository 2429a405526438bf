/** The chart's values.yaml and values.schema.json. */
import { isMap, isScalar, type Node, type Pair } from 'yaml'
import { z } from 'zod'
import { makeDocument, printDocument } from '../manifest.ts'
import { chartValues } from './values.ts'

export function writeValues(): string {
  const document = makeDocument(chartValues.parse({}))
  describe(document.contents, chartValues, 0)
  return `# Written by npm run generate. values.schema.json refuses what is not known here.\n\n${printDocument(document)}`
}

/** Draft 7, which Helm 3 reads as well. */
export function writeValuesSchema(): string {
  const schema = z.toJSONSchema(chartValues, { target: 'draft-7', io: 'input' })
  return `${JSON.stringify(schema, undefined, 2)}\n`
}

/** What each value is for stands before it; what is inside of Kubernetes' own fields is Kubernetes' to say. */
function describe(node: Node | null, schema: z.ZodType, depth: number): void {
  const inner = unwrap(schema)
  if (!isMap(node) || !(inner instanceof z.ZodObject)) return
  for (const [index, pair] of node.items.entries()) {
    const { key } = pair
    if (!isScalar(key)) continue
    const field: z.ZodType | undefined = inner.shape[String(key.value)]
    key.commentBefore = field?.meta()?.description?.replaceAll(/^/gm, ' ') ?? null
    key.spaceBefore = depth === 0 && index > 0
    if (field) describe(mapOf(pair), field, depth + 1)
  }
}

function mapOf({ value }: Pair): Node | null {
  return isMap(value) ? value : null
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault)) return schema
  const inner = schema.unwrap()
  return inner instanceof z.ZodType ? unwrap(inner) : schema
}
