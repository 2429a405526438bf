/** What a Lease object says, and the specs that we write into it. All of it pure. */
import { z } from 'zod'
import { orEmptyMap } from '../../api/absent.ts'
import { microTime } from '../micro-time.ts'

const lease = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  spec: orEmptyMap(
    z.looseObject({
      holderIdentity: z.string().nullish(),
      leaseDurationSeconds: z.number().nullish(),
      leaseTransitions: z.number().nullish(),
    }),
  ),
})
export type LeaseObject = z.infer<typeof lease>

export function readLease(json: unknown): LeaseObject | undefined {
  return lease.safeParse(json).data
}

export function holderOf({ spec }: LeaseObject): string {
  return spec.holderIdentity ?? ''
}

/** What changes when its holder renews it. Others may annotate it without keeping it alive. */
export function fingerprint({ spec }: LeaseObject): string {
  return JSON.stringify(spec)
}

/** How long it stays its holder's after we last saw it change: the longer of what they say and what we would. */
export function lifetimeOf({ spec }: LeaseObject, own: number): number {
  return Math.max(own, (spec.leaseDurationSeconds ?? 0) * 1_000)
}

interface Mine {
  readonly identity: string
  readonly leaseDuration: number
  /** Wall time. */
  readonly now: number
}

export function takenBy(
  { identity, leaseDuration, now }: Mine,
  before: LeaseObject | undefined,
): Record<string, unknown> {
  return {
    ...before?.spec,
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(leaseDuration / 1_000),
    acquireTime: microTime(now),
    renewTime: microTime(now),
    leaseTransitions: before === undefined ? 0 : (before.spec.leaseTransitions ?? 0) + 1,
  }
}

export function renewedAt(now: number, before: LeaseObject): Record<string, unknown> {
  return { ...before.spec, renewTime: microTime(now) }
}

/** Nobody holds it; a short duration, for those who wait it out all the same. */
export function releasedAt(now: number, before: LeaseObject): Record<string, unknown> {
  return { ...before.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(now) }
}
