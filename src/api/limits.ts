/** Sizes past which input is refused, the same at every door. */
export const limits = { ports: 64, peers: 256, exceptions: 64, characters: 4096, selectorTerms: 64 } as const
