/** A flow in, its two sides out: the source's egress towards the destination and the destination's ingress from the source. */
import type { End, FlowFamily } from './ends.ts'
import type { Direction, Isolation, PolicyIndex, Rule } from './policies.ts'

export interface Side extends Isolation {
  readonly other: End
}

export function sidesOf(index: PolicyIndex, from: End, to: End): Readonly<Record<Direction, Side>> {
  return {
    egress: { ...index.isolationOf(from, 'egress'), other: to },
    ingress: { ...index.isolationOf(to, 'ingress'), other: from },
  }
}

/** The places of the rule's peers that mean this end; one `undefined` where the rule names no peers and means everyone. */
export function peersMeaning(end: End, rule: Rule, family: FlowFamily): readonly (number | undefined)[] {
  if (rule.peers === undefined) return [undefined]
  return rule.peers.flatMap((means, place) => (means(end, family) ? [place] : []))
}
