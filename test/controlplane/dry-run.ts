/** Creates that the API server goes through with and then forgets: all of its checks, nothing left behind. */
import { z } from 'zod'
import type { SharedPlane } from './plane.ts'
import { read } from './read.ts'

const objectShape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ namespace: z.string().optional() }),
})

/** The object as it would be stored, or what is wrong with it. */
export type Tried = { readonly stored: unknown } | { readonly refused: string }

const refusal = z.object({ message: z.string() })

/** In the default namespace, whatever the object says: its own need not exist. An unknown field is refused as well. */
export async function dryRun(plane: SharedPlane, object: unknown): Promise<Tried> {
  const read = objectShape.parse(object)
  const { path, namespaced } = await findResource(plane, read.apiVersion, read.kind)
  const { namespace: _, ...metadata } = read.metadata
  const body = { ...read, metadata: namespaced ? { ...metadata, namespace: 'default' } : metadata }
  const answer = await plane.request('POST', `${path}?dryRun=All&fieldValidation=Strict`, { body })
  if (answer.status === 201) return { stored: answer.body }
  const { message } = refusal.parse(answer.body)
  if (answer.status === 400 || answer.status === 422) return { refused: message }
  throw new Error(`status ${answer.status}: ${message}`)
}

export function dryRunAppTier(plane: SharedPlane, spec: unknown, name = 'web'): Promise<Tried> {
  return dryRun(plane, { apiVersion: 'tierwall.dev/v1alpha1', kind: 'AppTier', metadata: { name }, spec })
}

const resourceList = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
})
type Resources = z.infer<typeof resourceList>['resources']

const known = new Map<string, Promise<Resources>>()

async function findResource(
  plane: SharedPlane,
  apiVersion: string,
  kind: string,
): Promise<{ path: string; namespaced: boolean }> {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const resources = known.get(group) ?? read(plane, group, resourceList).then(({ resources }) => resources)
  known.set(group, resources)
  const resource = (await resources).find(one => one.kind === kind && !one.name.includes('/'))
  if (!resource) throw new Error(`the API server knows no ${kind} of ${apiVersion}`)
  const { name, namespaced } = resource
  return { path: `${group}${namespaced ? '/namespaces/default' : ''}/${name}`, namespaced }
}
