/** The two ends of a flow: pods and addresses, and the address families in which they can meet. */
import type { ContainerPort, Labels } from '../api/kubernetes.ts'
import { type Family, familyOf } from './addresses.ts'

export interface PodEnd {
  readonly is: 'pod'
  readonly namespace: string
  readonly name: string
  readonly labels: Labels
  readonly namespaceLabels: Labels
  /** Empty while unknown; then no ipBlock holds the pod. */
  readonly ips: readonly string[]
  readonly hostNetwork: boolean
  readonly ports: readonly ContainerPort[]
}

/** An address that no pod has: the caller turns a pod's own address into its `PodEnd`. */
export interface AddressEnd {
  readonly is: 'address'
  readonly ip: string
}

export type End = PodEnd | AddressEnd

/** A pod on its node's network is its node's address to policies, so it has neither labels nor named ports for them. */
export function podForPolicies(end: End): PodEnd | undefined {
  return end.is === 'pod' && !end.hostNetwork ? end : undefined
}

export function addressesOf(end: End): readonly string[] {
  return end.is === 'pod' ? end.ips : [end.ip]
}

export function isLoopback(from: End, to: End): boolean {
  return from.is === 'pod' && to.is === 'pod' && from.name === to.name && from.namespace === to.namespace
}

/** `undefined` where addresses play no part: no ipBlock holds either end. */
export type FlowFamily = Family | undefined

/** One packet has one family, so dual-stack ends are judged once in each family that both have, never in a mix of two. */
export function sharedFamilies(from: End, to: End): readonly [FlowFamily, ...FlowFamily[]] {
  const known = [from, to].map(end => addressesOf(end).map(familyOf)).filter(families => families.length > 0)
  if (known.length === 0) return [undefined]
  const [first, ...others] = allFamilies.filter(family => known.every(families => families.includes(family)))
  return [first, ...others]
}

const allFamilies: readonly Family[] = [4, 6]
