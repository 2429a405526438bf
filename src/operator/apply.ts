/** A plan's rounds, one after the other over all namespaces, and what became of each step. */
import PQueue from 'p-queue'
import { written } from '../api/annotations.ts'
import { describeFailure, type Failure, type Limits, type Log, type Writer, type Written } from '../cluster/index.ts'
import { resources } from '../live/resources.ts'
import { readSeenPolicy, type SeenPolicy } from '../live/seen-policy.ts'
import type { Plan, Step } from '../plan/index.ts'
import type { WirePolicy } from '../policy/wire.ts'
import type { Vacated } from './vacated.ts'

export interface ApplyOptions {
  readonly writer: Writer
  readonly log: Log
  readonly concurrency: number
  /** Monotonic: nothing is written at or past it. Asked anew for each write. */
  readonly mayWriteUntil: () => number
  readonly find: (namespace: string, name: string) => SeenPolicy | undefined
  /** Only whoever creates needs it. */
  readonly vacated?: Pick<Vacated, 'rest'>
  /** Before it is sent; what it returns is called when it was answered. */
  readonly onSent?: (policy: WirePolicy) => () => void
  /** What a write was answered; whoever keeps policies may know it already. */
  readonly read?: (json: unknown) => SeenPolicy | undefined
  readonly onWritten: (policy: SeenPolicy) => void
  readonly onDeleted: (policy: SeenPolicy) => void
  readonly onResult?: (verb: Step['verb'], result: string) => void
}

/** What of a namespace's steps came to nothing. */
export type Miss =
  /** Somebody was faster: what the plan was made from is not so any more. */
  | { readonly is: 'outdated'; readonly policy: string; readonly message: string }
  | { readonly is: 'failed'; readonly policy: string; readonly message: string }
  /** The Lease was not ours any more. Nothing was sent. */
  | { readonly is: 'late'; readonly policy: string; readonly message: string }

export interface Applied {
  /** By namespace. */
  readonly misses: ReadonlyMap<string, Miss>
  /** The plan was given up before its end: all of its namespaces need a new one. */
  readonly givenUp: boolean
}

const networkPolicies = resources.networkPolicies

/** `onClosed` once nothing is left to be shut. */
export type Apply = (plan: Plan, onClosed: () => void) => Promise<Applied>

export function createApply(options: ApplyOptions): Apply {
  const writes = new PQueue({ concurrency: options.concurrency })
  return async (plan, onClosed) => {
    const misses = new Map<string, Miss>()
    for (const round of [plan.close, plan.open, plan.tidy]) {
      // What should have been shut and is not may let pass what the next round opens, so the rest waits for a new plan.
      if ([...misses.values()].some(({ is }) => is !== 'failed')) return { misses, givenUp: true }
      const byNamespace = Map.groupBy(round, ({ namespace }) => namespace)
      await Promise.all(
        [...byNamespace]
          .filter(([namespace]) => !misses.has(namespace))
          .map(async ([namespace, steps]) => {
            const miss = await takeSteps(steps, async step => {
              if (step.verb === 'create') await options.vacated?.rest(step)
              return writes.add(() => takeStep(step, options))
            })
            if (miss) misses.set(namespace, miss)
          }),
      )
      if (round === plan.close && misses.size === 0) onClosed()
    }
    return { misses, givenUp: [...misses.values()].some(({ is }) => is !== 'failed') }
  }
}

/** Those of one rank at the same time; after a miss no further rank. */
async function takeSteps(
  steps: readonly Step[],
  take: (step: Step) => Promise<Miss | undefined>,
): Promise<Miss | undefined> {
  for (const rank of Map.groupBy(steps, step => step.rank).values()) {
    const misses = (await Promise.all(rank.map(take))).filter(miss => miss !== undefined)
    const [first] = misses
    if (first) return misses.find(({ is }) => is !== 'failed') ?? first
  }
  return undefined
}

async function takeStep(step: Step, options: ApplyOptions): Promise<Miss | undefined> {
  const { namespace, name, verb } = step
  const { log, onResult } = options
  const limits = { ...patience, notAfter: options.mayWriteUntil() }
  const live = options.find(namespace, name)
  const result = live && !live.ours ? takenOver : await take(step, live, limits, options)
  onResult?.(verb, result === undefined ? 'written' : result.is)
  const fields = { namespace, policy: name, verb }
  if (result === undefined) {
    const because = verb === 'delete' ? undefined : step.policy.metadata.annotations[written.because]
    log.info({ ...fields, because }, says[verb])
    return undefined
  }
  if (result.is === 'failed') log.warn({ ...fields, failure: result.message }, 'a policy could not be written')
  else log.debug({ ...fields, failure: result.message }, 'a plan was outdated')
  return { ...result, policy: name }
}

/** Ours was planned for; since then somebody deleted it, or came first, and wrote their own under its name. */
const takenOver: Loss = { is: 'outdated', message: 'it is somebody else’s now' }
/** Creating it at once would not let its name rest. */
const deleted: Loss = { is: 'outdated', message: 'it was deleted' }

function take(step: Step, live: SeenPolicy | undefined, limits: Limits, options: ApplyOptions) {
  if (step.verb === 'delete') return remove(live, limits, options)
  return step.verb === 'replace' && live === undefined ? deleted : write(step.policy, live, limits, options)
}

/** All namespaces wait for the slowest write of a round, so it is tried once, and again with the namespace's next turn. */
export const patience = { attempts: 1, timeout: 10_000 }

const says = {
  create: 'policy created',
  replace: 'policy changed',
  delete: 'policy deleted',
} as const

export type Loss = Omit<Miss, 'policy'>

async function write(
  policy: WirePolicy,
  live: SeenPolicy | undefined,
  limits: Limits,
  { writer, read = readSeenPolicy, onSent, onWritten }: ApplyOptions,
): Promise<Loss | undefined> {
  if (live?.terminating) return { is: 'failed', message: 'it is being deleted, and a finalizer keeps it' }
  const answered = onSent?.(policy)
  try {
    const result =
      live === undefined
        ? await writer.create(networkPolicies, policy, limits)
        : await writer.replace(networkPolicies, merge(policy, live), limits)
    if (result.is !== 'written') return lossOf(result)
    const seen = read(result.object)
    if (seen) onWritten(seen)
    return undefined
  } finally {
    answered?.()
  }
}

async function remove(
  live: SeenPolicy | undefined,
  limits: Limits,
  { writer, onDeleted }: ApplyOptions,
): Promise<Loss | undefined> {
  if (live === undefined || live.terminating) return undefined
  const result = await writer.remove(networkPolicies, live, live, limits)
  if (result.is === 'missing') return undefined
  if (result.is !== 'written') return lossOf(result)
  if (live.finalizers.length === 0) onDeleted(live)
  return undefined
}

export function lossOf(result: Exclude<Written<string>, { readonly is: 'written' }>): Loss {
  const failure: Failure = result.failure
  const message = describeFailure(failure)
  if (failure.kind === 'late' || failure.kind === 'cancelled') return { is: 'late', message }
  return { is: result.is === 'failed' ? 'failed' : 'outdated', message }
}

/** What others added to our object stays; what is ours to say is said anew. */
function merge(policy: WirePolicy, { uid, resourceVersion, finalizers, ownerReferences, ...live }: SeenPolicy) {
  const ours: readonly string[] = Object.values(written)
  const others = (all: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !ours.includes(key)))
  return {
    ...policy,
    metadata: {
      ...policy.metadata,
      uid,
      resourceVersion,
      labels: { ...others(live.labels), ...policy.metadata.labels },
      annotations: { ...others(live.annotations), ...policy.metadata.annotations },
      ...(finalizers.length > 0 ? { finalizers } : {}),
      ...(ownerReferences.length > 0 ? { ownerReferences } : {}),
    },
  }
}
