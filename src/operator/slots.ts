/** What is known of each namespace, brought up to date object by object, and which namespaces speak of each other. */
import { isTierwallKey } from '../api/annotations.ts'
import { writeRef } from '../api/source.ts'
import { namedNamespaces } from '../live/links.ts'
import type { Seen } from '../live/seen.ts'
import type { SeenPolicy } from '../live/seen-policy.ts'
import type { NamespaceView } from '../live/view.ts'

/** One namespace. */
export interface Slot {
  readonly name: string
  self: Seen | undefined
  /** Workloads and AppTiers, by `writeRef`; also those that went a moment ago. */
  readonly objects: Map<string, Seen>
  readonly policies: Map<string, SeenPolicy>
  named: ReadonlySet<string>
}

export interface Slots {
  readonly get: (name: string) => Slot | undefined
  readonly ensure: (name: string) => Slot
  readonly names: () => IteratorObject<string>
  /** Reads anew whom its tiers name; answers whom they named before or name now, and who names it. */
  readonly relink: (name: string) => ReadonlySet<string>
  readonly view: (name: string) => NamespaceView
  /** Nothing is left of it. */
  readonly drop: (name: string) => void
}

export function createSlots(everybodyNames: () => ReadonlySet<string>): Slots {
  const slots = new Map<string, Slot>()
  const namedBy = new Map<string, Set<string>>()
  const get = (name: string) => slots.get(name)
  const ensure = (name: string): Slot => {
    const slot = slots.get(name) ?? { name, self: undefined, objects: new Map(), policies: new Map(), named: new Set() }
    slots.set(name, slot)
    return slot
  }
  const neighboursOf = (name: string): ReadonlySet<string> => {
    const always = everybodyNames()
    const others = always.has(name) ? slots.keys() : always
    const all = new Set([...(slots.get(name)?.named ?? []), ...(namedBy.get(name) ?? []), ...others])
    all.delete(name)
    for (const other of all) if (!slots.has(other)) all.delete(other)
    return all
  }
  return {
    get,
    ensure,
    names: () => slots.keys(),
    relink(name) {
      const before = neighboursOf(name)
      const slot = slots.get(name)
      if (!slot) return before
      for (const other of slot.named) namedBy.get(other)?.delete(name)
      slot.named = namedNamespaces(slot.objects.values(), slot.policies.values())
      for (const other of slot.named) namedBy.set(other, (namedBy.get(other) ?? new Set()).add(name))
      return new Set([...before, ...neighboursOf(name)])
    },
    view(name) {
      const slot = slots.get(name)
      return {
        name,
        self: slot?.self,
        objects: [...(slot?.objects.values() ?? [])],
        policies: [...(slot?.policies.values() ?? [])],
        neighbours: neighboursOf(name),
      }
    },
    drop(name) {
      for (const other of slots.get(name)?.named ?? []) namedBy.get(other)?.delete(name)
      slots.delete(name)
    },
  }
}

export function putObject(slot: Slot, seen: Seen): void {
  slot.objects.set(writeRef(seen.ref), seen)
}

/** Namespaces where nobody speaks of tiers and nothing of ours stands have nothing to decide. */
export function concernsUs({ self, objects, policies }: Slot): boolean {
  return (
    (self !== undefined && speaks(self)) || objects.values().some(speaks) || policies.values().some(({ ours }) => ours)
  )
}

/** It has a word of ours on it, or a word that is easily taken for one. */
export function speaks({ object: entry, problems }: Seen): boolean {
  if (entry === undefined) return problems.length > 0
  const { metadata } = entry.object
  if (entry.is === 'appTier' || Object.keys(metadata.annotations).length > 0) return true
  if (entry.is === 'workload') return Object.keys(entry.object.template.metadata.annotations).length > 0
  return Object.keys(metadata.labels).some(isTierwallKey)
}
