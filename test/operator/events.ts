/** The Events that Tierwall's operator wrote; the control plane has its own, and not all of them say what they are about. */
import { z } from 'zod'
import { type Plane, readList } from '../controlplane/read.ts'

const event = z.looseObject({
  regarding: z.looseObject({ kind: z.string(), name: z.string() }),
  reason: z.string(),
  note: z.string(),
  series: z.looseObject({ count: z.number() }).optional(),
})

const anyEvent = z.looseObject({ reportingController: z.string().optional() })

export async function readEvents(client: Plane, namespace: string): Promise<readonly z.infer<typeof event>[]> {
  const all = await readList(client, `/apis/events.k8s.io/v1/namespaces/${namespace}/events`, anyEvent)
  return all
    .filter(({ reportingController }) => reportingController === 'tierwall.dev/operator')
    .map(one => event.parse(one))
}
