/** Pods as a stand-in for the kubelet reads them. */
import { z } from 'zod'
import { type Plane, readList } from '../../controlplane/read.ts'

const container = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
})
export type Container = z.infer<typeof container>

const pod = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.looseObject({ containers: z.array(container), initContainers: z.array(container).default([]) }),
})
export type Pod = z.infer<typeof pod>

const query = 'labelSelector=app.kubernetes.io/name%3Dtierwall-probe'

export const listPods = (plane: Plane) => readList(plane, `/api/v1/pods?${query}`, pod)
