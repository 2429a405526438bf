/** The cluster as the watches tell of it, ready to be decided from; tells which namespaces have news. */
import type { Configuration } from '../api/configuration.ts'
import { writeRef } from '../api/source.ts'
import { type Change, readMeta } from '../cluster/index.ts'
import { namespacesOfBaseline } from '../live/links.ts'
import type { Seen } from '../live/seen.ts'
import { readSeenPolicy, type SeenPolicy } from '../live/seen-policy.ts'
import { gatherShared } from '../live/shared.ts'
import type { View } from '../live/view.ts'
import { createLinger, type Linger } from './linger.ts'
import { putPolicy, removePolicy } from './policies.ts'
import { createSent } from './sent.ts'
import { concernsUs, createSlots, putObject, type Slot, type Slots, speaks } from './slots.ts'

export interface WorldOptions {
  readonly after: (ms: number, run: () => void) => () => void
  /** Milliseconds for which what was deleted still counts. */
  readonly removalDelay: number
  readonly configuration: () => Configuration
  readonly adopt: boolean
  /** Something may have to be done there. */
  readonly onNews: (namespace: string) => void
  readonly onVacated: (policy: SeenPolicy) => void
  /** An AppTier was deleted: it alone, or all of them with their definition? Until that is known, none counts as deleted. */
  readonly onAppTierDeleted: () => void
}

export class World {
  readonly slots: Slots
  readonly sent = createSent()
  servesAppTiers = true
  readonly #options: WorldOptions
  readonly #linger: Linger
  /** Whose objects changed since it was last targeted: only then its neighbours are concerned. */
  readonly #changed = new Set<string>()
  readonly #shared = new Map<string, Seen>()
  /** Policies that we deleted and that the watch may still tell of, by uid. */
  readonly #gone = new Set<string>()

  constructor(options: WorldOptions) {
    this.#options = options
    this.slots = createSlots(() => namespacesOfBaseline(options.configuration()))
    this.#linger = createLinger(options.after, options.removalDelay, (namespace, key) => this.#forget(namespace, key))
  }

  readonly view = (): View => ({
    namespace: this.slots.view,
    shared: gatherShared(this.#shared.values(), name => this.slots.get(name)?.objects.values() ?? []),
    servesAppTiers: this.servesAppTiers,
    configuration: this.#options.configuration(),
    adopt: this.#options.adopt,
  })

  /** The namespaces themselves, and those whose edges to them may have changed. */
  takeTargets(namespaces: readonly string[]): readonly string[] {
    const targets = new Set(namespaces)
    for (const name of namespaces)
      if (this.#changed.delete(name)) for (const other of this.slots.relink(name)) targets.add(other)
    return [...targets].filter(name => this.slots.get(name) !== undefined).sort()
  }

  takeNamespace = (change: Change<Seen>): void => {
    if (change.type === 'removed') {
      const slot = this.slots.get(change.key)
      if (!slot) return
      slot.self = undefined
      this.#linger.release(change.key)
      this.#tidy(slot)
      return
    }
    const slot = this.slots.ensure(change.key)
    slot.self = change.after
    if (change.after.terminating) this.#linger.release(change.key)
    this.#tellOfObjects(change.key)
  }

  takeObject = (change: Change<Seen>): void => {
    if (change.type === 'removed') {
      this.#takeRemoved(change)
      return
    }
    const { after } = change
    const { namespace } = after.ref
    const slot = this.slots.ensure(namespace)
    this.#linger.end(namespace, writeRef(after.ref))
    putObject(slot, after)
    if (this.#concerns(slot, change)) this.#tellOfObjects(namespace)
  }

  /** What our own write was answered, the watch tells of as well, now earlier and now later: it is read only once. */
  readPolicy = (json: unknown): SeenPolicy | undefined => {
    const { key, uid, resourceVersion } = readMeta(json) ?? { key: '' }
    const [namespace = '', name = ''] = key.split('/')
    const known = this.slots.get(namespace)?.policies.get(name)
    if (known && known.uid === uid && known.resourceVersion === resourceVersion) return known
    return this.sent.read(json, key) ?? readSeenPolicy(json)
  }

  takePolicy = (change: Change<SeenPolicy>): void => {
    if (change.type === 'removed') {
      // Of our own deletions it is known already, since when.
      if (!this.#gone.delete(change.before.uid)) this.#options.onVacated(change.before)
      const slot = this.slots.get(change.before.namespace)
      if (!slot || !removePolicy(slot, change.before)) return
      if (concernsUs(slot) || change.before.ours) this.#options.onNews(slot.name)
      this.#tidy(slot)
      return
    }
    const slot = this.slots.ensure(change.after.namespace)
    if (!putPolicy(slot, change.after, this.#gone) || this.sent.has(change.after)) return
    if (concernsUs(slot)) this.#options.onNews(slot.name)
  }

  /** DNS, the API server's endpoints: every decision counts on them. */
  takeShared = (change: Change<Seen>): void => {
    if (change.type === 'removed') this.#shared.delete(writeRef(change.before.ref))
    else this.#shared.set(writeRef(change.after.ref), change.after)
    this.tellOfAll()
  }

  /** What our own write was answered, before the watch tells of it. */
  takeWritten(policy: SeenPolicy): void {
    putPolicy(this.slots.ensure(policy.namespace), policy, this.#gone)
  }

  takeDeleted(policy: SeenPolicy): void {
    const slot = this.slots.get(policy.namespace)
    if (!slot || !removePolicy(slot, policy)) return
    this.#gone.add(policy.uid)
    this.#options.onVacated(policy)
  }

  setServesAppTiers(served: boolean): void {
    if (this.servesAppTiers === served) return
    this.servesAppTiers = served
    this.tellOfAll()
  }

  tellOfAll(): void {
    for (const name of this.slots.names()) {
      const slot = this.slots.get(name)
      if (slot && concernsUs(slot)) this.#tellOfObjects(name)
    }
  }

  stop(): void {
    this.#linger.stop()
  }

  #takeRemoved(change: Extract<Change<Seen>, { readonly type: 'removed' }>): void {
    const { before, because } = change
    const { namespace, kind } = before.ref
    const key = writeRef(before.ref)
    const slot = this.slots.get(namespace)
    if (!slot || slot.objects.get(key)?.uid !== before.uid) return
    if (!this.#concerns(slot, change)) {
      slot.objects.delete(key)
      this.#tidy(slot)
    } else if (because !== 'not-served' && slot.self && !slot.self.terminating) this.#linger.begin(namespace, key)
    else this.#forget(namespace, key)
    if (kind === 'AppTier' && because !== 'not-served') {
      this.servesAppTiers = false
      this.#options.onAppTierDeleted()
    }
  }

  #tellOfObjects(namespace: string): void {
    this.#changed.add(namespace)
    this.#options.onNews(namespace)
  }

  /** Workloads that nobody speaks of change all the time. */
  #concerns(slot: Slot, change: Change<Seen>): boolean {
    if (change.type !== 'added' && speaks(change.before)) return true
    if (change.type !== 'removed' && speaks(change.after)) return true
    return concernsUs(slot)
  }

  #forget(namespace: string, key: string): void {
    const slot = this.slots.get(namespace)
    if (!slot?.objects.delete(key)) return
    this.#tellOfObjects(namespace)
    this.#tidy(slot)
  }

  #tidy(slot: Slot): void {
    if (slot.self === undefined && slot.objects.size === 0 && slot.policies.size === 0) this.slots.drop(slot.name)
  }
}
