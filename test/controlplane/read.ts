/** Reads what must be there: an API server that is busy is asked again, and any other answer is an error that says all of it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Client } from '../../src/controlplane/client.ts'

export type Plane = Pick<Client, 'request'>

const mostTimes = 10

export async function read<T>({ request }: Plane, path: string, schema: z.ZodType<T>): Promise<T> {
  for (let times = 1; ; times++) {
    const { status, body } = await request('GET', path)
    if (status === 200) return parse(body)
    if (times === mostTimes || !isBusy(status)) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`)
    await sleep(200)
  }

  function parse(body: unknown): T {
    const found = schema.safeParse(body)
    if (found.success) return found.data
    throw new Error(`GET ${path}: ${z.prettifyError(found.error)}\n${JSON.stringify(body).slice(0, 2_000)}`)
  }
}

const isBusy = (status: number) => status === 429 || status >= 500

export async function readList<T>(client: Plane, path: string, item: z.ZodType<T>): Promise<readonly T[]> {
  return (await read(client, path, z.object({ items: z.array(item).nullable() }))).items ?? []
}
