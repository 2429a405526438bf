/** What is judged of an AppTier → conditions with their times, and the status as the API server gives it back. */
import { z } from 'zod'
import { cutNote } from '../../cluster/events/note.ts'

export interface Verdict {
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
}

const condition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  observedGeneration: z.number(),
  lastTransitionTime: z.string(),
  reason: z.string(),
  message: z.string(),
})

const status = z.object({
  observedGeneration: z.number(),
  tier: z.string(),
  app: z.string(),
  ports: z.string(),
  conditions: z.array(condition.readonly()).readonly(),
  workloadCount: z.number(),
  workloads: z.array(z.string()).readonly(),
  policies: z.array(z.string()).readonly(),
})

export type Condition = Readonly<z.infer<typeof condition>>

/** No field is ever left out: a merge patch would leave its old value in place. */
export type AppTierStatus = Readonly<z.infer<typeof status>>

/** Nothing where there is none yet, or none that we wrote. */
export function readStatus(json: unknown): AppTierStatus | undefined {
  const read = status.safeParse(json)
  return read.success ? read.data : undefined
}

export interface Occasion {
  readonly generation: number
  readonly now: number
  readonly previous: AppTierStatus | undefined
}

export function makeCondition(type: string, verdict: Verdict, { generation, now, previous }: Occasion): Condition {
  const before = previous?.conditions.find(one => one.type === type)
  return {
    type,
    status: verdict.status,
    observedGeneration: generation,
    lastTransitionTime: before?.status === verdict.status ? before.lastTransitionTime : writeTime(now),
    reason: verdict.reason,
    message: cutNote(verdict.message),
  }
}

/** Whole seconds, as Kubernetes writes times of conditions. */
function writeTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
