/** The projected objects of one resource. Whoever changes it hears what changed, once. */
import { isDeepStrictEqual } from 'node:util'

export type Change<T> =
  | { readonly type: 'added'; readonly key: string; readonly after: T }
  | { readonly type: 'changed'; readonly key: string; readonly before: T; readonly after: T }
  | { readonly type: 'removed'; readonly key: string; readonly before: T; readonly because: RemovalCause }

export type RemovalCause =
  /** The server said so. */
  | 'deleted'
  /** It went while nobody watched: the new list has it no more. */
  | 'not-listed'
  /** It is there, but the projection wants it no more. */
  | 'passed-over'
  /** The resource itself is gone: see `served`. */
  | 'not-served'

export interface Store<T> {
  /** `NAMESPACE/NAME`, or `NAME` for what is in no namespace. */
  get(key: string): T | undefined
  list(): IteratorObject<T>
  keys(): IteratorObject<string>
  readonly size: number
}

export interface Entry<T> {
  /** Two objects of one name are two objects. */
  readonly uid: string
  /** Of the spec. Not all kinds of objects count theirs. */
  readonly generation: number | undefined
  readonly value: T
}

export class ObjectStore<T> implements Store<T> {
  #entries = new Map<string, Entry<T>>()

  get size(): number {
    return this.#entries.size
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.value
  }

  entry(key: string): Entry<T> | undefined {
    return this.#entries.get(key)
  }

  list(): IteratorObject<T> {
    return this.#entries.values().map(({ value }) => value)
  }

  keys(): IteratorObject<string> {
    return this.#entries.keys()
  }

  put(key: string, after: Entry<T>): readonly Change<T>[] {
    const before = this.#entries.get(key)
    if (before === after) return []
    const changes = compare(key, before, after, 'deleted')
    this.#entries.set(key, changes.length > 0 ? after : keepValue(before, after))
    return changes
  }

  remove(key: string, because: RemovalCause): readonly Change<T>[] {
    const before = this.#entries.get(key)
    if (before === undefined) return []
    this.#entries.delete(key)
    return [{ type: 'removed', key, before: before.value, because }]
  }

  /** What is equal stays the object that it was, so that the new list's copy can be collected. */
  replace(listed: Map<string, Entry<T>>, because: RemovalCause): readonly Change<T>[] {
    const changes: Change<T>[] = []
    for (const [key, { value }] of this.#entries)
      if (!listed.has(key)) changes.push({ type: 'removed', key, before: value, because })
    for (const [key, after] of listed) {
      const before = this.#entries.get(key)
      const found = compare(key, before, after, because)
      if (found.length === 0) listed.set(key, keepValue(before, after))
      changes.push(...found)
    }
    this.#entries = listed
    return changes
  }
}

/** What is equal stays the object that it was. */
function keepValue<T>(before: Entry<T> | undefined, after: Entry<T>): Entry<T> {
  return before === undefined ? after : { ...after, value: before.value }
}

function compare<T>(
  key: string,
  before: Entry<T> | undefined,
  after: Entry<T>,
  because: RemovalCause,
): readonly Change<T>[] {
  const added: Change<T> = { type: 'added', key, after: after.value }
  if (before === undefined) return [added]
  if (before.uid !== after.uid) return [{ type: 'removed', key, before: before.value, because }, added]
  if (before.value === after.value || isDeepStrictEqual(before.value, after.value)) return []
  return [{ type: 'changed', key, before: before.value, after: after.value }]
}
