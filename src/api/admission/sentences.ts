/** The reader's own sentences as CEL: what stands in a sample makes room for what is found. */
import type { Read } from '../ports.ts'
import type { Fault } from '../problem.ts'
import { text } from './cel.ts'

/** What the reader says of a sample that is wrong. */
export function faultOf(read: Read<unknown> | { readonly faults: readonly Fault[] }): Fault {
  const [fault] = 'faults' in read ? read.faults : 'fault' in read ? [read.fault] : []
  if (!fault) throw new Error('a sample that was to be wrong can be read')
  return fault
}

/** Parts of the sample, each with the expression that takes its place. */
export type Places = Readonly<Record<string, string>>

/** `CODE: KEY: what, and what to do`. */
export function say({ code, message, fix }: Fault, key: string, places: Places = {}): string {
  return sayLine(`${code}: ${key}: ${message}; ${fix}`, places)
}

export function sayLine(line: string, places: Places): string {
  const samples = Object.keys(places).sort((a, b) => b.length - a.length)
  if (samples.length === 0) return text(line)
  return line
    .split(new RegExp(`(${samples.map(escapeSample).join('|')})`))
    .filter(part => part !== '')
    .map(part => places[part] ?? text(part))
    .join(' + ')
}

const escapeSample = (sample: string) => sample.replaceAll(/[^A-Za-z0-9]/g, '\\$&')

const longest = 80

/** As much of what is found as fits into a sentence; with a line break in it, the API server would not say it at all. */
export function cutShort(of: string): string {
  return `(${of}.size() > ${longest} ? ${of}.substring(0, ${longest}) + '...' : ${of}).replace('\\n', r'\\u000a')`
}
