/** Policies that may select the same pods: each one alone, and each set of them together. */
import type { LabelSelector } from '../api/kubernetes.ts'
import { selectorsMeet } from '../api/selector.ts'
import { bothSelectors } from './compare.ts'

export interface Group<T> {
  /** What all its members select. */
  readonly pods: LabelSelector
  readonly members: readonly [T, ...T[]]
}

/** Past this many policies on one pod the rest is not told apart. */
const mostTogether = 5

export function groupByPods<T extends { readonly pods: LabelSelector }>(all: readonly T[]): Group<T>[] {
  let last = all.map((one): Group<T> => ({ pods: one.pods, members: [one] }))
  const groups = [...last]
  for (let size = 1; size < mostTogether && last.length > 0; size++) {
    last = last.flatMap(({ pods, members }) =>
      all
        .slice(all.indexOf(members.at(-1) ?? members[0]) + 1)
        .filter(other => selectorsMeet(other.pods, pods))
        .map((other): Group<T> => ({ pods: bothSelectors(pods, other.pods), members: [...members, other] })),
    )
    groups.push(...last)
  }
  return groups
}
