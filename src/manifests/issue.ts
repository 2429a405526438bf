/** What zod found wrong with a field → what is wrong and what to do, in plain words. */
import type { z } from 'zod'
import { nearest } from '../api/peers.ts'
import { type FieldPath, writePath } from '../api/source.ts'
import { isJsonMap } from './value.ts'

export interface Complaint {
  readonly path: FieldPath
  readonly message: string
  readonly fix: string
}

/** `written` is the field's text as it stands in the file, which `010` and `yes` need to be quoted right. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  object: unknown,
  written: (path: FieldPath) => string | undefined,
): Complaint {
  const path = issue.path.filter(step => typeof step !== 'symbol')
  const found = lookUp(object, path)
  const field = writePath(path)
  const is = (what: string, fix: string): Complaint => ({ path, message: `${field} ${what}`, fix })
  const wanted = wantedBy(issue)
  if (found === undefined) return is('is missing', 'add it')
  if (found === null) return is('has no value', 'give it one, or take it away')
  if (wanted === 'string' && typeof found !== 'object') {
    const text = written(path) ?? String(found)
    return is(`is ${text}, which YAML reads as a ${typeof found} where text is wanted`, `put it in quotes: "${text}"`)
  }
  if ((wanted === 'number' || wanted === 'int') && typeof found === 'string' && /^[0-9]+$/.test(found))
    return is('is a text where a number is wanted', `write it without quotes: ${found}`)
  if (wanted !== undefined) return is(`is ${show(found)}`, `write ${words[wanted] ?? wanted}`)
  if (issue.code === 'invalid_value') return is(`is ${show(found)}`, adviseValue(issue.values.map(String), found))
  if (issue.code === 'too_small') return is(`is ${show(found)}`, `write at least ${issue.minimum}`)
  if (issue.code === 'too_big') return is(`is ${show(found)}`, `write at most ${issue.maximum}`)
  const expected = /^expected (.*)$/.exec(issue.message)?.[1]
  if (expected !== undefined) return is(`is ${show(found)}`, `write ${expected}`)
  return is(`is refused by Kubernetes: ${issue.message}`, 'correct it')
}

const words: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a map',
  string: 'text',
}

function wantedBy(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'invalid_type') return issue.expected
  if (issue.code === 'custom' && issue.message.startsWith('expected text')) return 'string'
  if (issue.code !== 'invalid_union') return undefined
  const each = issue.errors.flatMap(errors => errors.flatMap(error => wantedBy(error) ?? []))
  return each.length > 0 ? joinOr(each.map(type => words[type] ?? type)) : undefined
}

function adviseValue(values: readonly string[], found: unknown): string {
  const text = typeof found === 'string' ? found : ''
  const meant = values.find(value => value.toLowerCase() === text.toLowerCase()) ?? nearest(text, values)
  return `write ${meant ?? joinOr(values)}`
}

function joinOr(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  const text = String(value)
  return typeof value === 'string' ? `'${text.length > 60 ? `${text.slice(0, 60)}…` : text}'` : text
}

function lookUp(value: unknown, path: FieldPath): unknown {
  let at = value
  for (const step of path) {
    if (Array.isArray(at)) at = at[Number(step)]
    else at = isJsonMap(at) && Object.hasOwn(at, step) ? at[step] : undefined
  }
  return at
}
