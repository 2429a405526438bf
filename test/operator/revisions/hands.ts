/** The users of a test: what they write, and what they wrote on NetworkPolicies, so that it is not taken for Tierwall's. */
import { z } from 'zod'
import type { Client } from '../../../src/controlplane/client.ts'
import { pathOf } from '../cluster.ts'
import type { ByHand } from './authors.ts'

export interface Hands {
  readonly byHand: ByHand
  /** Server-side apply: what was said before and is not said now goes. */
  readonly apply: (object: unknown) => Promise<void>
  /** A merge patch. False where the object is gone, or changed while we looked at it. */
  readonly change: (at: At, patch: { readonly metadata?: object; readonly spec?: object }) => Promise<boolean>
  readonly remove: (at: At) => Promise<boolean>
}

export interface At {
  readonly kind: string
  readonly namespace?: string
  readonly name: string
}

const shape = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})
const stored = z.looseObject({ metadata: z.looseObject({ uid: z.string(), resourceVersion: z.string() }) })

const user = 'fieldManager=user'

export function makeHands(client: Client): Hands {
  const revisions = new Set<number>()
  const deleted = new Set<string>()
  const find = async ({ kind, namespace, name }: At) => {
    const { status, body } = await client.request('GET', pathOf(kind, namespace, name))
    return status === 200 ? stored.parse(body).metadata : undefined
  }
  const patch = async (at: At, type: string, query: string, body: object) => {
    const path = `${pathOf(at.kind, at.namespace, at.name)}?${query}`
    const answer = await client.request('PATCH', path, { body, headers: { 'content-type': type } })
    if (answer.status > 201 && answer.status !== 404 && answer.status !== 409)
      throw new Error(`${at.kind} ${at.name}: ${answer.status} ${JSON.stringify(answer.body)}`)
    const isWritten = answer.status <= 201
    // Only a write that is bound to the version before makes a revision that is surely its own.
    if (isWritten && at.kind === 'NetworkPolicy')
      revisions.add(Number(stored.parse(answer.body).metadata.resourceVersion))
    return isWritten
  }
  return {
    byHand: { revisions, deleted },
    async apply(object) {
      const { kind, metadata, ...content } = shape.parse(object)
      const at = {
        kind,
        name: metadata.name,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      }
      const resourceVersion = kind === 'NetworkPolicy' ? (await find(at))?.resourceVersion : undefined
      const body = { kind, ...content, metadata: { ...metadata, ...(resourceVersion && { resourceVersion }) } }
      await patch(at, 'application/apply-patch+yaml', `${user}&force=true`, body)
    },
    async change(at, change) {
      const found = await find(at)
      if (!found) return false
      const { resourceVersion } = found
      const body = { ...change, metadata: { ...change.metadata, resourceVersion } }
      return patch(at, 'application/merge-patch+json', user, body)
    },
    async remove(at) {
      const found = await find(at)
      if (!found) return false
      const { uid } = found
      const options = {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        preconditions: { uid },
        propagationPolicy: 'Background',
      }
      const { status } = await client.request('DELETE', pathOf(at.kind, at.namespace, at.name), { body: options })
      if (status > 202) return false
      deleted.add(uid)
      return true
    },
  }
}
