/** Problems → the `results` of a ResourceList. */
import { z } from 'zod'
import type { Problem } from '../../api/problem.ts'
import { type ObjectRef, type Source, writePath } from '../../api/source.ts'
import type { Item } from './resource-list.ts'

export interface KrmResult {
  readonly message: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly resourceRef?: object
  readonly field?: { readonly path: string }
  readonly file?: object
  readonly tags?: { readonly code: string }
}

export function resultOf(
  problem: Problem,
  items: readonly Item[],
  functionConfig: unknown,
  namespace: string,
): KrmResult {
  const { message, fix, severity, source, code } = problem
  return {
    message: `${message}; ${fix}${placeIn(source)}`,
    severity,
    ...aboutOf(source, items, functionConfig, namespace),
    tags: { code },
  }
}

/** What has no name of its own is found by its line. */
function placeIn(source: Source): string {
  return source.said === 'file' ? ` (line ${source.line} of the input)` : ''
}

function aboutOf(
  source: Source,
  items: readonly Item[],
  functionConfig: unknown,
  namespace: string,
): Partial<KrmResult> {
  if (source.said === 'configuration') {
    const about = reference.safeParse(functionConfig)
    return { ...(about.success ? { resourceRef: refOf(about.data) } : {}), field: { path: writePath(source.path) } }
  }
  if (source.said !== 'object') return {}
  const item = items.find(one => isNamed(one, source.object, namespace))
  return {
    ...(item ? aboutItem(item) : {}),
    ...(source.path.length > 0 ? { field: { path: writePath(source.path) } } : {}),
  }
}

function isNamed({ kind, metadata }: Item, ref: ObjectRef, namespace: string): boolean {
  return (
    kind === ref.kind &&
    metadata?.name === ref.name &&
    (ref.namespace === '' || (metadata.namespace ?? namespace) === ref.namespace)
  )
}

const reference = z.looseObject({
  apiVersion: z.unknown().optional(),
  kind: z.unknown().optional(),
  metadata: z.looseObject({ name: z.unknown().optional(), namespace: z.unknown().optional() }).optional(),
})

function refOf({ apiVersion, kind, metadata }: z.infer<typeof reference>): object {
  const { name, namespace } = metadata ?? {}
  return {
    apiVersion,
    kind,
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  }
}

function aboutItem(item: Item): Partial<KrmResult> {
  const annotations = item.metadata?.annotations ?? {}
  const path = annotations['config.kubernetes.io/path'] ?? annotations['internal.config.kubernetes.io/path']
  const index = Number(
    annotations['config.kubernetes.io/index'] ?? annotations['internal.config.kubernetes.io/index'] ?? '',
  )
  const resourceRef = refOf({ ...item, metadata: { name: item.metadata?.name, namespace: item.metadata?.namespace } })
  if (typeof path !== 'string') return { resourceRef }
  return { resourceRef, file: { path, ...(Number.isInteger(index) && index > 0 ? { index } : {}) } }
}
