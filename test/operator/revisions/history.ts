/** A recording → its steps: after each, what users ask for, and which policies of Tierwall and of others stand there. */
import type { NetworkPolicy } from '../../../src/api/kubernetes.ts'
import { type ByHand, isByHand, isOurs, nothingByHand } from './authors.ts'
import { type Configured, unconfigured } from './configured.ts'
import { type InputObject, isTerminating, readInput, readPolicy } from './inputs.ts'
import type { RecordedEvent, RecordedObject, Recording } from './recording.ts'

/** By `NAMESPACE/NAME`. */
export type Policies = ReadonlyMap<string, NetworkPolicy>

/** The same object for as long as nothing of it changes. */
export interface Inputs {
  /** By `KIND NAMESPACE/NAME`. */
  readonly objects: ReadonlyMap<string, InputObject>
  readonly foreign: Policies
  readonly terminating: ReadonlySet<string>
  readonly configured: Configured
}

export interface Moment {
  readonly inputs: Inputs
  /** Tierwall's. */
  readonly ours: Policies
}

export interface Step {
  readonly revision: number
  readonly at: number
  readonly verb: 'create' | 'update' | 'delete'
  readonly kind: string
  readonly namespace: string
  readonly name: string
  /** Tierwall's writes are those on its policies; its status and Events decide nothing. */
  readonly by: 'Tierwall' | 'others'
  readonly before: Moment
  readonly after: Moment
}

export interface History {
  readonly startedAt: number
  readonly start: Moment
  readonly steps: readonly Step[]
}

export function readHistory(
  recording: Recording,
  byHand: ByHand = nothingByHand,
  configurations: readonly Configured[] = [],
): History {
  const known = new Map<string, unknown>()
  const configuredUntil = (revision: number) =>
    configurations.findLast(configured => configured.revision <= revision) ?? unconfigured
  let start: Moment = {
    inputs: {
      objects: new Map(),
      foreign: new Map(),
      terminating: new Set(),
      configured: configuredUntil(recording.since),
    },
    ours: new Map(),
  }
  for (const object of recording.initial) {
    start = put(start, object, false)
    known.set(keyOf(object), object.json)
  }
  let now = start
  /** Those that came before an event. */
  const configure = (until: number): Step[] =>
    configurations
      .filter(({ revision }) => revision > now.inputs.configured.revision && revision > recording.since)
      .filter(({ revision }) => revision < until)
      .map((configured): Step => {
        const before = now
        now = { ...before, inputs: { ...before.inputs, configured } }
        return { ...configured, ...configurationStep, before, after: now }
      })
  const readEvent = (event: RecordedEvent): Step => {
    const { object, revision, at, deleted } = event
    const before = now
    const was = known.get(keyOf(object))
    now = put(before, object, deleted)
    if (deleted) known.delete(keyOf(object))
    else known.set(keyOf(object), object.json)
    const verb = deleted ? 'delete' : was === undefined ? 'create' : 'update'
    const { kind, namespace, name } = object
    return { revision, at, verb, kind, namespace, name, by: writerOf(event, was, byHand), before, after: now }
  }
  const steps = recording.events.flatMap(event => [...configure(event.revision), readEvent(event)])
  steps.push(...configure(Number.POSITIVE_INFINITY))
  return { startedAt: recording.startedAt, start, steps }
}

const configurationStep = { verb: 'update', kind: 'Configuration', namespace: '', name: 'file', by: 'others' } as const

export const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) =>
  `${namespace}/${name}`

const keyOf = (object: Pick<RecordedObject, 'kind' | 'namespace' | 'name'>) => `${object.kind} ${nameOf(object)}`

function writerOf(event: RecordedEvent, was: unknown, byHand: ByHand): Step['by'] {
  const { object } = event
  if (object.kind !== 'NetworkPolicy' || !(isOurs(was) || isOurs(object.json))) return 'others'
  return isByHand(event, was, byHand) ? 'others' : 'Tierwall'
}

function put(moment: Moment, object: RecordedObject, deleted: boolean): Moment {
  if (object.kind === 'NetworkPolicy') return putPolicy(moment, object, deleted)
  const { inputs } = moment
  const key = keyOf(object)
  const became = deleted ? undefined : readInput(object)
  const terminating = object.kind === 'Namespace' && !deleted && isTerminating(object.json)
  if (inputs.objects.get(key)?.text === became?.text && inputs.terminating.has(object.name) === terminating)
    return moment
  return {
    ...moment,
    inputs: {
      ...inputs,
      objects: withEntry(inputs.objects, key, became),
      terminating:
        object.kind === 'Namespace' ? withName(inputs.terminating, object.name, terminating) : inputs.terminating,
    },
  }
}

function putPolicy({ inputs, ours }: Moment, object: RecordedObject, deleted: boolean): Moment {
  const policy = deleted ? undefined : readPolicy(object.json)
  const mine = isOurs(object.json)
  const key = nameOf(object)
  const foreign = withEntry(inputs.foreign, key, mine ? undefined : policy)
  return {
    inputs: foreign === inputs.foreign ? inputs : { ...inputs, foreign },
    ours: withEntry(ours, key, mine ? policy : undefined),
  }
}

/** The very same map where nothing changes in it. */
function withEntry<T>(map: ReadonlyMap<string, T>, key: string, value: T | undefined): ReadonlyMap<string, T> {
  if (JSON.stringify(map.get(key)) === JSON.stringify(value)) return map
  const copy = new Map(map)
  if (value === undefined) copy.delete(key)
  else copy.set(key, value)
  return copy
}

function withName(set: ReadonlySet<string>, name: string, isIn: boolean): ReadonlySet<string> {
  const copy = new Set(set)
  if (isIn) copy.add(name)
  else copy.delete(name)
  return copy
}
