/** Answers by the object that they were made from, for as long as anybody has it: for objects that are never changed. */
export function rememberByObject<K extends object, V>(make: (from: K) => V): (from: K) => V {
  const known = new WeakMap<K, V>()
  return from => {
    const before = known.get(from)
    if (before !== undefined) return before
    const made = make(from)
    known.set(from, made)
    return made
  }
}
