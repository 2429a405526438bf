/** AppTier objects → what each says of its tier; of two for one tier, the older one counts. */
import { type AppTierPeer, type AppTierSpec, readAppTierSpec } from '../api/apptier.ts'
import type { AppTierObject } from '../api/kubernetes.ts'
import { compareText } from '../api/order.ts'
import { readTierName } from '../api/peers.ts'
import type { Port } from '../api/ports.ts'
import { type Problem, problemAt } from '../api/problem.ts'
import type { Said } from '../api/said.ts'
import { type ObjectRef, sourceAt, writeRef } from '../api/source.ts'
import { partOf } from './annotations.ts'
import { refOf } from './snapshot.ts'
import { type Field, type PeerEntry, type TierKey, writeKey } from './tier.ts'

export interface AppTierIntent {
  readonly ref: ObjectRef
  readonly key: TierKey
  readonly selector: AppTierSpec['selector']
  readonly ports?: Field<readonly Port[]>
  readonly from?: Field<readonly PeerEntry[]>
  readonly to?: Field<readonly PeerEntry[]>
  readonly said: Said
  readonly sound: boolean
  /** The selector cannot be read, so nobody knows which workloads it covers. */
  readonly selectorBroken: boolean
  readonly createdAt: string | undefined
}

export function readAppTiers(objects: readonly AppTierObject[]): {
  appTiers: ReadonlyMap<string, AppTierIntent>
  problems: readonly Problem[]
} {
  const problems: Problem[] = []
  const byKey = new Map<string, AppTierIntent[]>()
  for (const object of objects) {
    const intent = readAppTier(object, problems)
    if (!intent) continue
    const key = writeKey(intent.key)
    byKey.set(key, [...(byKey.get(key) ?? []), intent])
  }
  const appTiers = new Map<string, AppTierIntent>()
  for (const [key, rivals] of byKey) appTiers.set(key, chooseOlder(rivals, problems))
  return { appTiers, problems }
}

function readAppTier(object: AppTierObject, problems: Problem[]): AppTierIntent | undefined {
  const ref = refOf(object)
  const spec = readAppTierSpec(object.spec)
  for (const { path, fault } of spec.faults)
    problems.push(problemAt(sourceAt(ref, path), fault.code, fault.message, fault.fix))
  if (spec.broken.has('tier') || spec.broken.has('app')) return undefined
  const tier = spec.tier === undefined ? readTierName(ref.name) : { value: spec.tier }
  if ('fault' in tier) {
    const fix = `${tier.fault.fix}; or give the tier in spec.tier`
    problems.push(problemAt(sourceAt(ref, ['metadata', 'name']), tier.fault.code, tier.fault.message, fix))
    return undefined
  }
  return {
    ref,
    key: { namespace: ref.namespace, app: spec.app ?? partOf(object.metadata), tier: tier.value },
    selector: spec.selector,
    ...fieldsOf(spec, ref),
    said: { kind: ref.kind, name: ref.name, partOf: partOf(object.metadata) || undefined, spec: object.spec },
    sound: spec.faults.length === 0,
    selectorBroken: spec.broken.has('selector'),
    createdAt: object.metadata.creationTimestamp,
  }
}

function fieldsOf(spec: AppTierSpec, ref: ObjectRef): Pick<AppTierIntent, 'ports' | 'from' | 'to'> {
  const peers = (list: readonly AppTierPeer[] | undefined, field: string): Field<readonly PeerEntry[]> | undefined => {
    if (spec.broken.has(field)) return { is: 'broken' }
    if (!list) return undefined
    const value = list.map(({ peer, ports, path }): PeerEntry => {
      const because = sourceAt(ref, path)
      return { peer, ...(ports ? { ports } : {}), because, origin: 'written' }
    })
    return { is: 'said', value, because: sourceAt(ref, ['spec', field]) }
  }
  const ports: Field<readonly Port[]> | undefined = spec.broken.has('ports')
    ? { is: 'broken' }
    : spec.ports && { is: 'said', value: spec.ports, because: sourceAt(ref, ['spec', 'ports']) }
  const from = peers(spec.from, 'from')
  const to = peers(spec.to, 'to')
  return { ...(ports ? { ports } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}) }
}

/** Without times of creation, as in files, nobody can say which is older: then none is sound. */
function chooseOlder(rivals: readonly AppTierIntent[], problems: Problem[]): AppTierIntent {
  const [first, ...others] = [...rivals].sort(
    (a, b) => compareText(a.createdAt ?? '', b.createdAt ?? '') || compareText(a.ref.name, b.ref.name),
  )
  if (!first) throw new Error('a tier has at least one AppTier here')
  if (others.length === 0) return first
  const dated = rivals.every(rival => rival.createdAt !== undefined)
  for (const other of dated ? others : rivals) {
    const rival = other === first ? others[0] : first
    const what = `${writeRef(other.ref)} and ${rival ? writeRef(rival.ref) : ''} are AppTiers of one tier, ${other.key.tier}`
    const fix = dated
      ? 'the older one counts: delete this one, or give it another tier'
      : 'delete one of them, or give it another tier'
    problems.push(problemAt(sourceAt(other.ref, ['metadata', 'name']), 'apptier-duplicate', what, fix))
  }
  return dated
    ? first
    : { ...first, sound: false, ports: { is: 'broken' }, from: { is: 'broken' }, to: { is: 'broken' } }
}
