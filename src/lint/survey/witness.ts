/** Labels that a selector matches, no more than that takes. */
import type { LabelSelector, Labels } from '../../api/kubernetes.ts'

export function labelsFor({ matchLabels, matchExpressions = [] }: LabelSelector): Labels {
  const some = matchExpressions
    .filter(({ operator }) => operator === 'In' || operator === 'Exists')
    .map(({ key, values: [value = ''] }) => [key, value] as const)
  return { ...Object.fromEntries(some), ...matchLabels }
}
