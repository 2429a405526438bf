/** NetworkPolicy semantics: policies and two ends in, whether they let one reach the other, and which of them say so, out. */
export type { AddressEnd, End, PodEnd } from './ends.ts'
export type { DirectionVerdict, Grant, Target, Verdict } from './flow.ts'
export { evaluateFlow } from './flow.ts'
export { type Direction, indexPolicies, type PolicyIndex } from './policies.ts'
export type { PortRange } from './ports.ts'
export { allowedPorts } from './reach.ts'
export { type LabelTest, readSelector } from './selectors.ts'
