/** One question to the API server → what was seen, or why not: a refusal is no failure of the rest. */
import { describeFailure, type Failure } from '../cluster/failure.ts'
import type { Reply, Request, Send } from '../cluster/index.ts'
import { listPages } from '../cluster/list.ts'
import { type Place, pathOf, type Resource } from '../cluster/resource.ts'
import type { Look } from './facts.ts'

type Read<T> = (json: unknown) => T | undefined

/** `name` of what is asked for, or of no object: then it is the list's first page. What is not there is nothing. */
export async function lookAt<T>(
  send: Send,
  resource: Resource,
  place: Place,
  read: Read<T>,
  query?: Request['query'],
): Promise<Look<T | undefined>> {
  const right = writeRight(place.name === undefined ? 'list' : 'get', resource, place)
  return lookFor(send, { method: 'GET', path: pathOf(resource, place), query }, read, right)
}

export async function lookFor<T>(
  send: Send,
  request: Request,
  read: Read<T>,
  right = `get ${request.path}`,
): Promise<Look<T | undefined>> {
  const reply = await send(request)
  const isAbsent = !reply.ok && reply.failure.kind === 'status' && reply.failure.code === 404
  return isAbsent ? { seen: undefined } : readReply(reply, read, right)
}

/** `right` as a person would ask for it. */
export function readReply<T>(reply: Reply, read: Read<T>, right: string): Look<T> {
  if (!reply.ok) return { unseen: explain(reply.failure, right) }
  const seen = read(reply.body)
  return seen === undefined ? { unseen: `the answer to ${right} cannot be read` } : { seen }
}

/** What cannot be read is passed over: here nobody decides anything from it. */
export async function lookAtAll<T>(
  send: Send,
  resource: Resource,
  namespace: string | undefined,
  read: Read<T>,
): Promise<Look<readonly T[]>> {
  const seen: T[] = []
  const reply = await listPages(send, { path: pathOf(resource, { namespace }), pageSize: 500 }, json => {
    const one = read(json)
    if (one !== undefined) seen.push(one)
  })
  return reply.ok ? { seen } : { unseen: explain(reply.failure, writeRight('list', resource, { namespace })) }
}

export function joinLooks<T>(looks: readonly Look<readonly T[]>[]): Look<readonly T[]> {
  const unseen = looks.flatMap(look => ('unseen' in look ? [look.unseen] : []))
  if (unseen.length > 0) return { unseen: [...new Set(unseen)].join('; ') }
  return { seen: looks.flatMap(look => ('seen' in look ? look.seen : [])) }
}

function explain(failure: Failure, right: string): string {
  if (failure.kind === 'status' && failure.code === 403) return `needs the right to ${right}`
  return `to ${right} failed with ${describeFailure(failure)}`
}

function writeRight(verb: string, { group, plural }: Resource, { namespace, name }: Place): string {
  const where = namespace === undefined ? '' : ` in ${namespace}`
  return `${verb} ${group === '' ? plural : `${plural}.${group}`}${name === undefined ? '' : ` ${name}`}${where}`
}
