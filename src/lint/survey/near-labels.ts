/** A selector that matches nothing → the labels that were most likely meant. */
import type { LabelSelector, Labels } from '../../api/kubernetes.ts'
import { nearest } from '../../api/peers.ts'
import { writeLabel } from './write-label.ts'

export type Vocabulary = ReadonlyMap<string, ReadonlySet<string>>

/** Every key with the values that it has somewhere. */
export function gatherVocabulary(things: Iterable<Labels>): Vocabulary {
  const vocabulary = new Map<string, Set<string>>()
  for (const labels of things)
    for (const [key, value] of Object.entries(labels))
      vocabulary.set(key, (vocabulary.get(key) ?? new Set()).add(value))
  return vocabulary
}

export interface NearLabel {
  /** A slip of the pen away, so that it is hardly what was meant. */
  readonly isSlip: boolean
  readonly advice: string
}

export function nearLabel(selector: LabelSelector, vocabulary: Vocabulary): NearLabel | undefined {
  const found = termsOf(selector).flatMap(({ key, values }) => {
    const known = vocabulary.get(key)
    if (known === undefined) return slipInKey(key, values, vocabulary)
    if (values.length === 0 || values.some(value => known.has(value))) return []
    return slipInValue(key, values, known)
  })
  return found.find(({ isSlip }) => isSlip) ?? found[0]
}

/** What must be there; without values any will do. */
function termsOf({ matchLabels, matchExpressions }: LabelSelector): { key: string; values: readonly string[] }[] {
  return [
    ...Object.entries(matchLabels ?? {}).map(([key, value]) => ({ key, values: [value] })),
    ...(matchExpressions ?? []).filter(({ operator }) => operator === 'In' || operator === 'Exists'),
  ]
}

function slipInKey(key: string, values: readonly string[], vocabulary: Vocabulary): NearLabel[] {
  const near = slipOf(key, vocabulary.keys())
  const [value = ''] = values
  if (near !== undefined) return [{ isSlip: true, advice: `write ${value === '' ? near : writeLabel(near, value)}` }]
  const other = [...vocabulary].find(([, known]) => value.length > 2 && !isYesNo(value) && known.has(value))
  return other ? [{ isSlip: false, advice: `did you mean ${writeLabel(other[0], value)}?` }] : []
}

const isYesNo = (value: string) => value === 'true' || value === 'false'

function slipInValue(key: string, values: readonly string[], known: ReadonlySet<string>): NearLabel[] {
  for (const value of values) {
    const near = slipOf(value, known)
    if (near !== undefined) return [{ isSlip: true, advice: `write ${writeLabel(key, near)}` }]
  }
  const some = [...known].sort().slice(0, 5).join(', ')
  return [{ isSlip: false, advice: `known values of ${key}: ${some}` }]
}

/** Comparing with more names than these takes longer than it helps. */
const mostNames = 500

/** Two names that differ in their digits alone are two things (`team-1`, `team-2`), and short ones are always near. */
export function slipOf(word: string, names: Iterable<string>): string | undefined {
  if (word.length < 3) return undefined
  const withoutDigits = (text: string) => text.replaceAll(/[0-9]+/g, '')
  const known = Iterator.from(names)
    .filter(name => withoutDigits(name) !== withoutDigits(word))
    .take(mostNames)
  return nearest(word, [...known])
}
