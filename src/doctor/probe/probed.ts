/** What a probe found out: for each direction whether a deny shut it, and what of the probe is still in the cluster. */

export const directions = ['ingress', 'egress'] as const
export type Direction = (typeof directions)[number]

/** Nothing was proved, neither that policies work nor that they do not. */
export interface Unknown {
  readonly is: 'unknown'
  readonly because: string
  readonly fix: string
}

export type Proof =
  /** It was open, a deny shut it, and it opened again once that was gone. */
  | { readonly is: 'enforced' }
  /** It stayed open under a deny. */
  | { readonly is: 'open' }
  | Unknown

export interface Probed extends Readonly<Record<Direction, Proof>> {
  /** Where its pods ran. */
  readonly nodes: readonly string[]
  readonly lingering: readonly Lingering[]
}

/** A namespace that did not go in time. */
export interface Lingering {
  readonly namespace: string
  readonly because: string
}

export function unknown(because: string, fix: string): Unknown {
  return { is: 'unknown', because, fix }
}

export function isProved(probed: Probed | undefined): boolean {
  return probed !== undefined && directions.every(direction => probed[direction].is === 'enforced')
}

export function isRefuted(probed: Probed | undefined): boolean {
  return probed !== undefined && directions.some(direction => probed[direction].is === 'open')
}
