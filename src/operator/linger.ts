/** What was deleted counts for a while longer: deleting and creating a workload again must not flap. */

export interface Linger {
  readonly begin: (namespace: string, key: string) => void
  /** It is there again. */
  readonly end: (namespace: string, key: string) => void
  /** At once, everything of a namespace that goes itself. */
  readonly release: (namespace: string) => void
  readonly stop: () => void
}

export function createLinger(
  after: (ms: number, run: () => void) => () => void,
  delay: number,
  onOver: (namespace: string, key: string) => void,
): Linger {
  const pending = new Map<string, Map<string, () => void>>()
  const end = (namespace: string, key: string) => {
    const inNamespace = pending.get(namespace)
    inNamespace?.get(key)?.()
    inNamespace?.delete(key)
    if (inNamespace?.size === 0) pending.delete(namespace)
  }
  return {
    begin(namespace, key) {
      end(namespace, key)
      const inNamespace = pending.get(namespace) ?? new Map<string, () => void>()
      pending.set(namespace, inNamespace)
      const cancel = after(delay, () => {
        end(namespace, key)
        onOver(namespace, key)
      })
      inNamespace.set(key, cancel)
    },
    end,
    release(namespace) {
      for (const key of [...(pending.get(namespace)?.keys() ?? [])]) {
        end(namespace, key)
        onOver(namespace, key)
      }
    },
    stop() {
      for (const [namespace, keys] of pending) for (const key of [...keys.keys()]) end(namespace, key)
    },
  }
}
