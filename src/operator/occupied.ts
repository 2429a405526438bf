/** Namespaces that somebody is at work in: a plan is not made of what is just being changed. */

export interface Occupied {
  /** Once nobody is at work in any of them any more, and until what it returns is called. */
  readonly enter: (namespaces: readonly string[]) => Promise<() => void>
}

export function createOccupied(): Occupied {
  const last = new Map<string, Promise<void>>()
  return {
    async enter(namespaces) {
      const before = namespaces.map(namespace => last.get(namespace))
      const { promise, resolve } = Promise.withResolvers<void>()
      for (const namespace of namespaces) last.set(namespace, promise)
      await Promise.all(before)
      return () => {
        for (const namespace of namespaces) if (last.get(namespace) === promise) last.delete(namespace)
        resolve()
      }
    },
  }
}
