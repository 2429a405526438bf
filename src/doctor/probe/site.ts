/** What a probe works with: the namespace that it made, and what it was given for its work. */
import { describeFailure, type Failure, isStatus } from '../../cluster/failure.ts'
import { sleep } from '../../cluster/given.ts'
import type { Clock, Random, Reply, Send } from '../../cluster/index.ts'
import { pathOf, type Resource } from '../../cluster/resource.ts'
import { resources } from '../../live/resources.ts'
import { fieldManager } from './objects.ts'
import { type Unknown, unknown } from './probed.ts'

export interface ProbeQuestion {
  readonly send: Send
  readonly clock: Clock
  readonly random: Random
  /** Ends it early; what it made goes all the same. */
  readonly signal: AbortSignal
  readonly image: string
  /** How long it may take, without the time for what it made to go. */
  readonly seconds: number
  /** One line about how far it is. */
  readonly tell: (line: string) => void
}

export interface Site extends ProbeQuestion {
  readonly namespace: string
  /** By the monotonic clock. */
  readonly end: number
}

export const interrupted = unknown('it was interrupted', 'run it again')

/** Milliseconds between two looks. */
export const pause = 300

export function isOver({ clock, end, signal }: Site): boolean {
  return signal.aborted || clock.monotonic() >= end
}

/** Nothing where it was created. */
export async function create(
  site: Site,
  resource: Resource,
  body: { readonly kind: string; readonly metadata: { readonly name: string } },
): Promise<Unknown | undefined> {
  const { namespace, signal, clock } = site
  const path = pathOf(resource, resource === resources.namespaces ? {} : { namespace })
  for (;;) {
    if (signal.aborted) return interrupted
    const reply = await site.send({ method: 'POST', path, query: { fieldManager }, body })
    if (reply.ok) return undefined
    // A pod is refused until its namespace has a ServiceAccount, which takes a moment.
    if (!isTooEarly(reply.failure) || isOver(site)) return refused(`create ${body.kind} ${body.metadata.name}`, reply)
    await sleep(clock, pause, signal)
  }
}

function isTooEarly(failure: Failure): boolean {
  return isStatus(failure, 403) && failure.message.includes('serviceaccount "default" not found')
}

export async function remove(site: Site, resource: Resource, name: string): Promise<Unknown | undefined> {
  const reply = await site.send({ method: 'DELETE', path: pathOf(resource, { namespace: site.namespace, name }) })
  if (reply.ok || isStatus(reply.failure, 404)) return undefined
  return refused(`delete ${resource.plural} ${name}`, reply)
}

function refused(what: string, reply: Extract<Reply, { ok: false }>): Unknown {
  return unknown(`to ${what} failed with ${describeFailure(reply.failure)}`, 'mend what it names, and try again')
}
