/** Takes the namespaces of probes away, and waits for them to be gone, but not for ever. */
import { z } from 'zod'
import { describeFailure, isStatus } from '../../cluster/failure.ts'
import { sleep } from '../../cluster/given.ts'
import { pathOf } from '../../cluster/resource.ts'
import { resources } from '../../live/resources.ts'
import { findLeftover } from './leftover.ts'
import { probeLabel } from './objects.ts'
import type { Lingering } from './probed.ts'
import { type ProbeQuestion, pause } from './site.ts'

/** Milliseconds. Kubernetes clears a namespace in some seconds. */
const patience = 60_000

/** Answers with those that did not go. It goes on when the probe is interrupted: that is when it matters. */
export async function clear(
  question: Pick<ProbeQuestion, 'send' | 'clock'>,
  names: readonly string[],
): Promise<readonly Lingering[]> {
  const end = question.clock.monotonic() + patience
  return (await Promise.all(names.map(namespace => clearOne(question, namespace, end)))).flat()
}

async function clearOne(
  { send, clock }: Pick<ProbeQuestion, 'send' | 'clock'>,
  namespace: string,
  end: number,
): Promise<Lingering[]> {
  const path = pathOf(resources.namespaces, { name: namespace })
  for (let asked = false; ; ) {
    const reply = await send({ method: asked ? 'GET' : 'DELETE', path })
    if (!reply.ok && isStatus(reply.failure, 404)) return []
    // Whatever it was, the next try may get through.
    asked ||= reply.ok || isStatus(reply.failure, 409)
    if (clock.monotonic() >= end)
      return [{ namespace, because: asked || reply.ok ? 'it is still being deleted' : describeFailure(reply.failure) }]
    await sleep(clock, pause)
  }
}

const listed = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        uid: z.string(),
        labels: z.record(z.string(), z.string()).default({}),
        creationTimestamp: z.string().optional(),
      }),
    }),
  ),
})

/** Asks for the end of what earlier probes left, and names it. Who may not list namespaces leaves it to others. */
export async function removeLeftovers({ send, tell, clock }: ProbeQuestion): Promise<readonly string[]> {
  const reply = await send({ method: 'GET', path: pathOf(resources.namespaces), query: { labelSelector: probeLabel } })
  if (!reply.ok) return []
  // Ages are told by the clock that wrote the times.
  const date = Date.parse(String(reply.headers.date))
  const now = Number.isNaN(date) ? clock.now() : date
  const all = listed.safeParse(reply.body).data?.items ?? []
  const old = all.map(({ metadata }) => metadata).filter(metadata => findLeftover(metadata, now) !== undefined)
  for (const { name, uid } of old) {
    tell(`removes namespace ${name}, which an earlier probe left behind`)
    await send({ method: 'DELETE', path: pathOf(resources.namespaces, { name }), body: { preconditions: { uid } } })
  }
  return old.map(({ name }) => name)
}
