/** What a decision holds of one AppTier: the tier that it speaks for, its workloads, and the policies made for it. */
import { readAppTierSpec } from '../../api/apptier.ts'
import { compareText } from '../../api/order.ts'
import { readTierName } from '../../api/peers.ts'
import { sortPorts, writePorts } from '../../api/ports.ts'
import { type ObjectRef, writeRef } from '../../api/source.ts'
import { cutNote } from '../../cluster/events/note.ts'
import { partOf } from '../../intent/annotations.ts'
import type { AppTierIntent } from '../../intent/apptiers.ts'
import { portsOf } from '../../intent/members.ts'
import type { NamespaceIntent } from '../../intent/namespaces.ts'
import { presetPorts } from '../../intent/presets.ts'
import { type Member, type TierKey, writeKey } from '../../intent/tier.ts'
import { isSharedName } from '../../policy/name.ts'
import type { Conflict, StatusInput } from './input.ts'
import { type Lookup, lookUp } from './lookup.ts'

export interface Facts {
  readonly ref: ObjectRef
  /** Nothing where it does not count: it cannot be read, or an older one speaks for its tier. */
  readonly intent: AppTierIntent | undefined
  readonly key: TierKey | undefined
  readonly members: readonly Member[]
  readonly namespace: NamespaceIntent
  /** `KIND/NAME`, sorted. */
  readonly workloads: readonly string[]
  readonly ports: string
  /** The names of all that enforcing it takes, whether or not its namespace is enforced. */
  readonly policies: readonly string[]
  /** Those that somebody else holds: of the tier, and of its whole namespace. */
  readonly taken: readonly Conflict[]
  readonly sharedTaken: readonly Conflict[]
}

export function gatherFacts({ appTier, decision, conflicts }: StatusInput): Facts {
  const { namespace = '', name } = appTier.metadata
  const ref: ObjectRef = { kind: 'AppTier', namespace, name }
  const found = lookUp(decision)
  const intent = found.intents.get(writeRef(ref))
  const key = intent?.key ?? readKey(ref, found)
  const members = intent ? (decision.intent.tiers.get(writeKey(intent.key))?.members ?? []) : []
  const policies = intent ? (found.policies.get(writeKey(intent.key)) ?? []).toSorted(compareText) : []
  const here = conflicts.filter(one => one.namespace === namespace)
  return {
    ref,
    intent,
    key,
    members,
    namespace: decision.intent.isolationOf(namespace),
    workloads: listWorkloads(members),
    ports: intent ? writeOpenPorts(intent, members) : '',
    policies,
    taken: here.filter(one => policies.includes(one.name)),
    sharedTaken: here.filter(one => isSharedName(one.name)),
  }
}

/** What it calls itself, also where it does not count. */
function readKey(ref: ObjectRef, { objects }: Lookup): TierKey | undefined {
  const object = objects.get(writeRef(ref))
  if (!object) return undefined
  const { tier, app, broken } = readAppTierSpec(object.spec)
  if (broken.has('tier') || broken.has('app')) return undefined
  const name = tier === undefined ? readTierName(ref.name) : { value: tier }
  if ('fault' in name) return undefined
  return { namespace: ref.namespace, app: app ?? partOf(object.metadata), tier: name.value }
}

function listWorkloads(members: readonly Member[]): readonly string[] {
  const refs = members.flatMap(({ ref, templates }) =>
    ref.kind === 'AppTier' ? templates.map(({ workload }) => workload) : [ref],
  )
  return [...new Set(refs.map(({ kind, name }) => `${kind}/${name}`))].sort(compareText)
}

/** Of all its workloads together: one of them may say other ports than the AppTier. */
function writeOpenPorts(intent: AppTierIntent, members: readonly Member[]): string {
  const fields = members.length > 0 ? members.map(({ ports }) => ports) : [intent.ports ?? presetPorts(intent.key.tier)]
  if (fields.every(({ is }) => is === 'broken')) return ''
  const ports = sortPorts(fields.flatMap(portsOf))
  return ports.length === 0 ? 'none' : cutNote(writePorts(ports))
}
