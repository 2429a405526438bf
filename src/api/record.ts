/** JSON of which nothing is known yet, and maps of names to text. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A null is read as an absent field, as Kubernetes reads it. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null

type Texts = Readonly<Record<string, string>>

/** Every entry of `wanted` stands in `held` as well. */
export function holdsAll(held: Texts, wanted: Texts): boolean {
  return Object.keys(wanted).every(key => Object.hasOwn(held, key) && held[key] === wanted[key])
}
