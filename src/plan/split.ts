/** Pods that one selector selects, taken apart by what else isolates them: selectors can say AND, and NOT of one requirement. */
import type { LabelSelector } from '../api/kubernetes.ts'
import { selectorsMeet } from '../api/selector.ts'
import { bothSelectors } from './compare.ts'
import type { Direction } from './grants.ts'

export interface Isolator {
  readonly pods: LabelSelector
  readonly directions: readonly Direction[]
}

export interface Part {
  readonly pods: LabelSelector
  /** In which directions somebody else isolates these pods already. */
  readonly isolated: readonly Direction[]
}

/** Past this many parts the rest is not told apart: nobody has so many policies on the same pods. */
const mostParts = 128

export function splitBy(pods: LabelSelector, isolators: readonly Isolator[]): Part[] {
  let parts: Part[] = [{ pods, isolated: [] }]
  for (const isolator of isolators) {
    if (parts.length > mostParts) break
    parts = parts.flatMap(part => splitOnce(part, isolator))
  }
  return parts
}

function splitOnce(part: Part, { pods, directions }: Isolator): Part[] {
  if (!selectorsMeet(part.pods, pods)) return [part]
  const inside: Part = {
    pods: bothSelectors(part.pods, pods),
    isolated: [...new Set([...part.isolated, ...directions])].sort(),
  }
  const outside = requirementsOf(pods)
    .map(requirement => ({ ...part, pods: bothSelectors(part.pods, { matchExpressions: [negate(requirement)] }) }))
    .filter(other => selectorsMeet(other.pods, other.pods))
  return [inside, ...outside]
}

type Requirement = NonNullable<LabelSelector['matchExpressions']>[number]

function requirementsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): Requirement[] {
  const labels = Object.entries(matchLabels).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  )
  return [...labels, ...matchExpressions]
}

const opposite = { In: 'NotIn', NotIn: 'In', Exists: 'DoesNotExist', DoesNotExist: 'Exists' } as const

function negate({ key, operator, values }: Requirement): Requirement {
  return { key, operator: opposite[operator], values }
}
