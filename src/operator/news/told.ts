/** What people were told already, read back from the API server, so that a restart does not tell it again. */
import { z } from 'zod'
import { events, type Failure, listPages, pathOf, type Send } from '../../cluster/index.ts'

/** Who tells: the name under which our Events are found again. */
export const reportingController = 'tierwall.dev/operator'

/** By namespace. A Namespace itself counts to its own. */
export type Told = ReadonlyMap<string, ReadonlySet<string>>

interface Event {
  readonly regarding: {
    readonly kind: string
    readonly namespace?: string | undefined
    readonly name: string
    readonly uid?: string | undefined
  }
  readonly reason: string
  readonly note: string
}

/** An object that was made anew under its old name is another one, and is told of again. */
export function writeKey({ regarding, reason, note }: Event): string {
  return JSON.stringify([regarding.uid ?? '', reason, note])
}

export function namespaceOf({ regarding }: Event): string {
  return regarding.kind === 'Namespace' ? regarding.name : (regarding.namespace ?? '')
}

const event = z.object({
  regarding: z.object({
    kind: z.string().default(''),
    namespace: z.string().optional(),
    name: z.string().default(''),
    uid: z.string().optional(),
  }),
  reason: z.string().default(''),
  note: z.string().default(''),
})

/** Of these namespaces, or of all. Where a list fails, what the others hold is read all the same. */
export async function readTold(
  send: Send,
  namespaces: readonly string[] = [''],
): Promise<{ readonly told: Told; readonly failures: readonly Failure[] }> {
  const told = new Map<string, Set<string>>()
  const failures: Failure[] = []
  const take = (json: unknown) => {
    const read = event.safeParse(json)
    if (!read.success) return
    const namespace = namespaceOf(read.data)
    told.set(namespace, (told.get(namespace) ?? new Set()).add(writeKey(read.data)))
  }
  for (const namespace of namespaces) {
    const query = { fieldSelector: `reportingController=${reportingController}` }
    const reply = await listPages(send, { path: pathOf(events, { namespace }), query, pageSize: 500 }, take)
    if (!reply.ok) failures.push(reply.failure)
  }
  return { told, failures }
}
