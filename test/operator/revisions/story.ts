/** Histories made by hand: users and Tierwall write, one after the other, and nothing runs. */
import { parse } from 'yaml'
import { z } from 'zod'
import type { ByHand } from './authors.ts'
import { type Configured, configuredAs } from './configured.ts'
import { type History, readHistory } from './history.ts'
import { type RecordedEvent, type RecordedObject, type Recording, readRecorded } from './recording.ts'

export interface Named {
  readonly kind: string
  readonly namespace?: string
  readonly name: string
}

type Json = { readonly [key: string]: unknown }

export class Story {
  #revision = 100
  #at = 0
  readonly #initial: RecordedObject[] = []
  readonly #events: RecordedEvent[] = []
  readonly #live = new Map<string, Json>()
  readonly #revisions = new Set<number>()
  readonly #deleted = new Set<string>()
  readonly #configured: Configured[] = []

  /** There before anybody looks. */
  begins(...texts: readonly string[]): this {
    for (const text of texts) this.#initial.push(readRecorded(this.#store(read(text), 'kubectl')))
    return this
  }

  users(text: string): this {
    return this.#put(read(text), 'kubectl')
  }

  /** What users do to a policy, whoever it belongs to. */
  byHand(policy: Json): this {
    this.#revisions.add(this.#revision + 1)
    return this.#put(policy, 'kubectl')
  }

  usersDelete(named: Named): this {
    this.#deleted.add(uidOf(this.#live.get(keyOf(named))))
    return this.#remove(named)
  }

  tierwall(policy: object): this {
    return this.#put({ ...policy }, 'tierwall')
  }

  tierwallDeletes(namespace: string, name: string): this {
    return this.#remove({ kind: 'NetworkPolicy', namespace, name })
  }

  configures(configuration: object): this {
    this.#configured.push(configuredAs(configuration, this.#revision, this.#at))
    return this
  }

  waits(ms: number): this {
    this.#at += ms
    return this
  }

  get recording(): Recording {
    return { since: 100, until: this.#revision, startedAt: 0, initial: this.#initial, events: this.#events }
  }

  get byHandMarks(): ByHand {
    return { revisions: this.#revisions, deleted: this.#deleted }
  }

  get history(): History {
    return readHistory(this.recording, this.byHandMarks, this.#configured)
  }

  #put(object: Json, manager: string): this {
    return this.#event(this.#store(object, manager), false)
  }

  #remove(named: Named): this {
    const object = this.#live.get(keyOf(named))
    if (object === undefined) throw new Error(`there is no ${keyOf(named)}`)
    this.#live.delete(keyOf(named))
    this.#revision += 1
    return this.#event(withMetadata(object, { resourceVersion: String(this.#revision) }), true)
  }

  #event(json: Json, deleted: boolean): this {
    const object = readRecorded(json)
    this.#events.push({ revision: object.revision, at: this.#at, deleted, object })
    this.#at += 1
    return this
  }

  /** As the API server keeps it; whoever wrote the spec before still has a part in it. */
  #store(object: Json, manager: string): Json {
    this.#revision += 1
    const key = keyOf(readNames(object))
    const was = this.#live.get(key)
    const entry = { manager, operation: 'Update', time: new Date(this.#at).toISOString(), fieldsV1: { 'f:spec': {} } }
    const others = managedFieldsOf(was).filter(other => other.manager !== manager)
    const stored = withMetadata(object, {
      uid: uidOf(was) || `uid-${this.#revision}`,
      resourceVersion: String(this.#revision),
      creationTimestamp: metadataOf(was).creationTimestamp ?? new Date(this.#at).toISOString(),
      managedFields: [...others, entry],
    })
    this.#live.set(key, stored)
    return stored
  }
}

export function namespaceText(
  name: string,
  annotations: Readonly<Record<string, string>> = {},
  labels: Readonly<Record<string, string>> = {},
  deletionTimestamp?: string,
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels, annotations, ...(deletionTimestamp ? { deletionTimestamp } : {}) },
  })
}

function read(text: string): Json {
  return parse(text.replace(/^---\n/, ''))
}

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  creationTimestamp: z.string().optional(),
  managedFields: z.array(z.looseObject({ manager: z.string() })).optional(),
})
type Metadata = z.infer<typeof metadata>

function metadataOf(object: Json | undefined): Partial<Metadata> {
  return object === undefined ? {} : metadata.parse(object.metadata)
}

const uidOf = (object: Json | undefined) => metadataOf(object).uid ?? ''
const managedFieldsOf = (object: Json | undefined) => metadataOf(object).managedFields ?? []
const keyOf = ({ kind, namespace = '', name }: Named) => `${kind} ${namespace}/${name}`

function readNames(object: Json): Named {
  const { name = '', namespace = '' } = metadataOf(object)
  return { kind: String(object.kind), namespace, name }
}

function withMetadata(object: Json, more: object): Json {
  return { ...object, metadata: { ...metadataOf(object), ...more } }
}
