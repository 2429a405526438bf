/** Namespaces that somebody is at work in: a plan is not made of what is just being changed. */

export type Leave = () => void

export interface Occupied {
  /** Once nobody is at work in any of them any more, and until what it returns is called. */
  readonly enter: (namespaces: readonly string[]) => Promise<Leave> | Leave
}

export function createOccupied(): Occupied {
  const last = new Map<string, Promise<void>>()
  return {
    enter(namespaces) {
      const before = namespaces.flatMap(namespace => last.get(namespace) ?? [])
      const { promise, resolve } = Promise.withResolvers<void>()
      for (const namespace of namespaces) last.set(namespace, promise)
      const leave = () => {
        for (const namespace of namespaces) if (last.get(namespace) === promise) last.delete(namespace)
        resolve()
      }
      return before.length === 0 ? leave : Promise.all(before).then(() => leave)
    },
  }
}
