/** Pieces of CEL, as text: literals, and the chain of cases that says what is wrong. */

export function text(value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `'${escaped}'`
}

export function list(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`
}

export function map(values: Readonly<Record<string, string>>): string {
  return `{${Object.entries(values)
    .map(([key, value]) => `${text(key)}: ${text(value)}`)
    .join(', ')}}`
}

/** A pattern that RE2 reads as JavaScript does: nothing in it looks around or refers back. */
export function matches(of: string, { source, ignoreCase }: RegExp): string {
  return `${of}.matches(r'${ignoreCase ? '(?i)' : ''}${source.replaceAll('\\/', '/')}')`
}

/** What is said of the first case that holds. */
export type Case = readonly [when: string, fault: string]

/** A fault is a text; no fault is the empty one. */
export function firstFault(cases: readonly Case[], otherwise = "''"): string {
  return [...cases.map(([when, fault]) => `${when}\n  ? ${fault}\n  : `), otherwise].join('')
}

/** Of the last ternary only the last part may go without brackets; this one may stand anywhere. */
export function choose(cases: readonly Case[], otherwise: string): string {
  return `(${firstFault(cases, otherwise)})`
}
