/** What users said, in their own words, as it is kept on the policies that came of it: their last good input. */
import { z } from 'zod'
import { compareText } from './order.ts'
import { rememberByObject } from './remember.ts'
import type { ObjectRef } from './source.ts'

/** One object's part in a tier. Of a workload its annotations, of an AppTier its spec. */
export interface Said {
  readonly kind: string
  readonly name: string
  /** The label app.kubernetes.io/part-of, which names the app where nothing nearer does. */
  readonly partOf?: string | undefined
  readonly annotations?: Readonly<Record<string, string>> | undefined
  readonly spec?: unknown
}

/** All annotations of an object together may have 256 KiB; a policy without its text is kept as it is instead. */
const mostLength = 65_536

/** Sorted, so that the same words in any order give the same text; nothing where they are too long to keep. */
export function writeSaid(all: readonly Said[]): string | undefined {
  const entries = all
    .map((said): [string, string] => [`${said.kind}/${said.name}`, writeOne(said)])
    .sort(([a], [b]) => compareText(a, b))
  const text = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`
  return text.length > mostLength ? undefined : text
}

/** Nobody changes what was said, and it is written again with every decision. */
const writeOne = rememberByObject(({ partOf, annotations, spec }: Said) =>
  JSON.stringify(sortKeys({ partOf, annotations, spec })),
)

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)).map(([key, inner]) => [key, sortKeys(inner)]))
}

const saidSchema = z.record(
  z.string(),
  z.object({
    partOf: z.string().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    spec: z.unknown().optional(),
  }),
)

/** Whoever may edit a policy may have edited this: it is read again like any other input. */
export function readSaid(text: string | undefined, namespace: string): readonly (Said & { readonly ref: ObjectRef })[] {
  const read = saidSchema.safeParse(parseJson(text))
  if (!read.success) return []
  return Object.entries(read.data).flatMap(([key, { partOf, annotations, spec }]) => {
    const [kind, name, ...more] = key.split('/')
    if (!kind || !name || more.length > 0) return []
    return [{ kind, name, partOf, annotations, spec, ref: { kind, namespace, name } }]
  })
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined || text.length > mostLength) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
