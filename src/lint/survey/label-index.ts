/** Which things does a selector match, and which selectors match these labels: found without asking every one. */
import type { LabelSelector, Labels } from '../../api/kubernetes.ts'
import { readSelector } from '../../evaluate/index.ts'

type Pair = string

const pairOf = (key: string, value: string): Pair => `${key}=${value}`

/** Labels that whatever the selector matches must carry. */
function neededPairs({ matchLabels, matchExpressions }: LabelSelector): Pair[] {
  const only = (matchExpressions ?? []).flatMap(({ key, operator, values: [value, ...others] }) =>
    operator === 'In' && value !== undefined && others.length === 0 ? [pairOf(key, value)] : [],
  )
  return [...Object.entries(matchLabels ?? {}).map(([key, value]) => pairOf(key, value)), ...only]
}

function pairsOf(labels: Labels): Pair[] {
  return Object.entries(labels).map(([key, value]) => pairOf(key, value))
}

export function indexLabels<T extends { readonly labels: Labels }>(
  things: readonly T[],
): (selector: LabelSelector) => readonly T[] {
  const byPair = new Map<Pair, T[]>()
  for (const thing of things) for (const pair of pairsOf(thing.labels)) append(byPair, pair, thing)
  return selector => {
    const matches = readSelector(selector)
    const lists = neededPairs(selector).map(pair => byPair.get(pair) ?? [])
    const shortest = lists.reduce<readonly T[]>((a, b) => (b.length < a.length ? b : a), things)
    return shortest.filter(({ labels }) => matches(labels))
  }
}

export function indexSelectors<T>(
  things: readonly T[],
  selectorOf: (thing: T) => LabelSelector,
): (labels: Labels) => readonly T[] {
  const entries = things.map((thing, place) => {
    const selector = selectorOf(thing)
    return { thing, place, matches: readSelector(selector), pairs: neededPairs(selector) }
  })
  const counts = new Map<Pair, number>()
  for (const pair of entries.flatMap(({ pairs }) => pairs)) counts.set(pair, (counts.get(pair) ?? 0) + 1)
  const countOf = (pair: Pair) => counts.get(pair) ?? 0
  const byPair = new Map<Pair | undefined, typeof entries>()
  for (const entry of entries) {
    const [first, ...more] = entry.pairs
    const rarest = first && more.reduce((a, b) => (countOf(b) < countOf(a) ? b : a), first)
    append(byPair, rarest, entry)
  }
  return labels =>
    [undefined, ...pairsOf(labels)]
      .flatMap(pair => byPair.get(pair) ?? [])
      .filter(({ matches }) => matches(labels))
      .sort((a, b) => a.place - b.place)
      .map(({ thing }) => thing)
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}
