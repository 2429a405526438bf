/** All ports of one protocol on which one end may reach another, as sorted ranges that neither touch nor overlap. */
import type { NetworkPolicy, Protocol } from '../api/kubernetes.ts'
import { type End, type FlowFamily, isLoopback, sharedFamilies } from './ends.ts'
import { indexPolicies, type PolicyIndex } from './policies.ts'
import { everyPort, type PortRange, portsOf } from './ports.ts'
import { peersMeaning, type Side, sidesOf } from './sides.ts'

export function allowedPorts(
  policies: readonly NetworkPolicy[] | PolicyIndex,
  from: End,
  to: End,
  protocol: Protocol,
): readonly PortRange[] {
  if (isLoopback(from, to)) return [everyPort]
  const { egress, ingress } = sidesOf(indexPolicies(policies), from, to)
  const perFamily = sharedFamilies(from, to).map(family =>
    intersect(portsOn(egress, to, protocol, family), portsOn(ingress, to, protocol, family)),
  )
  return unite(intersect(perFamily.flat(), [everyPort]))
}

function portsOn(
  { policies, rules, other }: Side,
  destination: End,
  protocol: Protocol,
  family: FlowFamily,
): readonly PortRange[] {
  if (policies.length === 0) return [everyPort]
  return rules
    .filter(rule => peersMeaning(other, rule, family).length > 0)
    .flatMap(rule => portsOf(rule.ports, protocol, destination))
}

function intersect(some: readonly PortRange[], others: readonly PortRange[]): readonly PortRange[] {
  return some.flatMap(([first, last]) =>
    others
      .map(([from, to]): PortRange => [Math.max(first, from), Math.min(last, to)])
      .filter(([from, to]) => from <= to),
  )
}

function unite(ranges: readonly PortRange[]): readonly PortRange[] {
  const united: PortRange[] = []
  for (const [first, last] of [...ranges].sort(([one], [other]) => one - other)) {
    const [from, to] = united.at(-1) ?? [0, -1]
    if (first > to + 1) united.push([first, last])
    else united[united.length - 1] = [from, Math.max(to, last)]
  }
  return united
}
