/** What `findBuilt` does by itself, for callers that still do it around it. */
export function takeTurn<T>(_file: string, work: () => Promise<T>): Promise<T> {
  return work()
}
