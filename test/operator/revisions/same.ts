/** Whether the same policies stand in two places: by name and spec, in whatever order the keys stand. */
import type { NetworkPolicy } from '../../../src/api/kubernetes.ts'
import type { Policies } from './history.ts'
import { namespaceIn } from './standing.ts'

export function samePolicies(some: Policies, others: Policies, counts: (namespace: string) => boolean): boolean {
  return [...new Set([...some.keys(), ...others.keys()])]
    .filter(key => counts(namespaceIn(key)))
    .every(key => sameSpec(some.get(key), others.get(key)))
}

function sameSpec(a: NetworkPolicy | undefined, b: NetworkPolicy | undefined): boolean {
  return a !== undefined && b !== undefined && writeSpec(a) === writeSpec(b)
}

const written = new WeakMap<NetworkPolicy, string>()

function writeSpec(policy: NetworkPolicy): string {
  const text = written.get(policy) ?? JSON.stringify(policy.spec, sortKeys)
  written.set(policy, text)
  return text
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
