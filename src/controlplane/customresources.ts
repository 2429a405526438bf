/** CustomResourceDefinitions, created and waited for until their objects are served. */
import { z } from 'zod'
import type { Client } from './client.ts'
import { until } from './until.ts'

const shape = z.object({
  spec: z.object({
    group: z.string(),
    names: z.object({ plural: z.string() }),
    versions: z.array(z.object({ name: z.string() })),
  }),
})

export async function serveCustomResource(client: Client, definition: unknown, signal: AbortSignal): Promise<void> {
  const { group, names, versions } = shape.parse(definition).spec
  const { status, body } = await client.request('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    body: definition,
  })
  if (status !== 201) throw new Error(`the definition of ${names.plural} is refused: ${JSON.stringify(body)}`)
  for (const { name } of versions) {
    const list = `/apis/${group}/${name}/${names.plural}?limit=1`
    const isServed = async () => (await client.request('GET', list)).status === 200
    await until(`list of ${names.plural}`, isServed, signal)
  }
}
