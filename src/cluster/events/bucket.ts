/** A token bucket: `burst` at once, one more every `every` milliseconds. */

export interface Rate {
  readonly burst: number
  readonly every: number
}

export interface Bucket {
  readonly tokens: number
  readonly at: number
}

export function fullBucket({ burst }: Rate, now: number): Bucket {
  return { tokens: burst, at: now }
}

/** Nothing where the bucket is empty. */
export function takeToken({ tokens, at }: Bucket, { burst, every }: Rate, now: number): Bucket | undefined {
  const filled = Math.min(burst, tokens + (now - at) / every)
  return filled < 1 ? undefined : { tokens: filled - 1, at: now }
}
