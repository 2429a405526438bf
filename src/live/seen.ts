/** An object as the API server sends it → what decisions need of it, and no more: ten thousand of them are kept. */
import { z } from 'zod'
import { partOfLabel, pickOurs } from '../api/annotations.ts'
import { type KubernetesObject, type Metadata, readerOf, type Workload } from '../api/kubernetes.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import { type ObjectRef, sourceAt, writePath } from '../api/source.ts'
import { saysTheSame } from './same-words.ts'

export interface Seen {
  readonly ref: ObjectRef
  readonly apiVersion: string
  readonly uid: string
  /** It is being deleted. */
  readonly terminating: boolean
  /** Nothing where it cannot be read; then the problems say why. */
  readonly object: KubernetesObject | undefined
  readonly problems: readonly Problem[]
  /** Of an AppTier, as they stand there. Of workloads they change all the time, and nothing here depends on them. */
  readonly generation?: number | undefined
  readonly status?: unknown
}

/** What every object has that the API server sends. */
const head = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().default(''),
    generation: z.number().optional(),
    deletionTimestamp: z.string().optional(),
  }),
  status: z.unknown().optional(),
})

/** `before`: what was read of the same object when its spec was as it is now. */
export function readSeen(json: unknown, before?: Seen): Seen | undefined {
  if (before?.object?.is === 'workload' && !before.terminating && saysTheSame(json, before.object.object.metadata))
    return before
  const read = head.safeParse(json)
  if (!read.success) return undefined
  const { apiVersion, kind, metadata, status } = read.data
  const ref: ObjectRef = { kind, namespace: metadata.namespace ?? '', name: metadata.name }
  return {
    ref,
    apiVersion,
    uid: metadata.uid,
    terminating: metadata.deletionTimestamp !== undefined,
    ...readObject(json, ref, apiVersion),
    ...(kind === 'AppTier' ? { generation: metadata.generation, status } : {}),
  }
}

function readObject(json: unknown, ref: ObjectRef, apiVersion: string): Pick<Seen, 'object' | 'problems'> {
  const read = readerOf(apiVersion, ref.kind)?.(json)
  if (read?.success) return { object: trim(read.data), problems: [] }
  const issues = read?.error.issues ?? []
  const problems = issues.map(({ path, message }) => {
    const field = path.filter(step => typeof step !== 'symbol')
    const fix = 'correct it; until then what was last good stays'
    return problemAt(sourceAt(ref, field), 'object-invalid', `${writePath(field)}: ${message}`, fix)
  })
  return { object: undefined, problems }
}

function trim(entry: KubernetesObject): KubernetesObject {
  switch (entry.is) {
    case 'workload':
      return { is: 'workload', object: trimWorkload(entry.object) }
    case 'appTier':
      return { is: 'appTier', object: { ...entry.object, metadata: trimMetadata(entry.object.metadata) } }
    case 'namespace':
      return { is: 'namespace', object: { ...entry.object, metadata: withOurAnnotations(entry.object.metadata) } }
    default:
      return entry
  }
}

function trimWorkload({ kind, metadata, selector, template }: Workload): Workload {
  const { labels, annotations } = template.metadata
  return {
    kind,
    metadata: trimMetadata(metadata),
    selector,
    template: { metadata: { labels, annotations: pickOurs(annotations) }, spec: template.spec },
  }
}

function trimMetadata(metadata: Metadata): Metadata {
  const partOf = Object.hasOwn(metadata.labels, partOfLabel) ? metadata.labels[partOfLabel] : undefined
  return { ...withOurAnnotations(metadata), labels: partOf === undefined ? {} : { [partOfLabel]: partOf } }
}

const withOurAnnotations = (metadata: Metadata): Metadata => ({
  ...metadata,
  annotations: pickOurs(metadata.annotations),
})
