/** An object as it goes to the API server. */
import { z } from 'zod'

export const shape = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
})
export type Json = z.infer<typeof shape>
