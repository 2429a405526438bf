/** What a search for an end may come to, and the words of its messages. */
import { isNonEmpty } from '../../api/ports.ts'
import type { ObjectRef } from '../../api/source.ts'
import type { Tier } from '../../intent/tier.ts'
import type { Trouble } from './name.ts'
import type { Subject, SubjectEnd } from './subject.ts'

export type Found = { readonly subject: Subject } | { readonly trouble: Trouble }

export function found(named: Omit<Subject, 'ends'>, ends: readonly SubjectEnd[]): Found {
  if (isNonEmpty(ends)) return { subject: { ...named, ends } }
  return { trouble: { message: `${named.text} has no pods`, fix: 'add its workloads to the input' } }
}

export function writeObjectName({ namespace, kind, name }: ObjectRef): string {
  return `${namespace}/${kind.toLowerCase()}/${name}`
}

export function writeTierName({ key }: Pick<Tier, 'key'>): string {
  return `${key.namespace}/tier:${key.app === '' ? '-' : key.app}/${key.tier}`
}

export function known(what: string, names: readonly string[]): string {
  if (names.length === 0) return `the input has no ${what}`
  const more = names.length > mostListed ? ` and ${names.length - mostListed} more` : ''
  return `the ${what} are ${names.slice(0, mostListed).join(', ')}${more}`
}

const mostListed = 8

export function ambiguous(text: string, choices: readonly string[]): { readonly trouble: Trouble } {
  return { trouble: { message: `${text} may be ${choices.join(' or ')}`, fix: 'write the one that is meant' } }
}

export function absent(text: string, fix: string): { readonly trouble: Trouble } {
  return { trouble: { message: `there is no ${text} in the input`, fix } }
}
