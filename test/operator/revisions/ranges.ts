/** Sorted ranges of ports that neither touch nor overlap, as the evaluator gives them: what two have in common, and what not. */
import type { PortRange } from '../../../src/evaluate/index.ts'

export type Ports = readonly PortRange[]

export function inBoth(some: Ports, others: Ports): Ports {
  return some.flatMap(([first, last]) =>
    others
      .map(([from, to]): PortRange => [Math.max(first, from), Math.min(last, to)])
      .filter(([from, to]) => from <= to),
  )
}

export function without(some: Ports, others: Ports): Ports {
  return inBoth(some, complement(others))
}

function complement(ports: Ports): Ports {
  const starts = [1, ...ports.map(([, last]) => last + 1)]
  const ends = [...ports.map(([first]) => first - 1), 65535]
  return starts.map((start, index): PortRange => [start, ends[index] ?? 65535]).filter(([from, to]) => from <= to)
}

export function writePorts(ports: Ports): string {
  return ports.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(', ')
}
