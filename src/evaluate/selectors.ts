/** A label selector in, a test of labels out. */
import type { LabelSelector, Labels } from '../api/kubernetes.ts'

export type LabelTest = (labels: Labels) => boolean

/** All labels and all expressions must hold; a selector without any holds for everything. */
export function readSelector({ matchLabels, matchExpressions }: LabelSelector): LabelTest {
  const tests = [
    ...Object.entries(matchLabels ?? {}).map(
      ([key, value]): LabelTest =>
        labels =>
          labelOf(labels, key) === value,
    ),
    ...(matchExpressions ?? []).map(
      ({ key, operator, values }): LabelTest =>
        labels =>
          operators[operator](labelOf(labels, key), values),
    ),
  ]
  return labels => tests.every(test => test(labels))
}

type Operator = NonNullable<LabelSelector['matchExpressions']>[number]['operator']

/** A value is `undefined` where the key is absent: NotIn holds there, as DoesNotExist does. */
const operators: Readonly<Record<Operator, (value: string | undefined, values: readonly string[]) => boolean>> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: value => value !== undefined,
  DoesNotExist: value => value === undefined,
}

/** Own keys only: `constructor` is a legal label key. */
function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined
}
