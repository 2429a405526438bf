/** Who may reach whom: edges between tiers, and openings towards ends that are no tier. Each knows why. */
import type { Block } from '../api/cidr.ts'
import type { LabelSelector } from '../api/kubernetes.ts'
import type { NonEmpty, Port } from '../api/ports.ts'
import type { Source } from '../api/source.ts'
import type { Member } from '../intent/tier.ts'

export type Outside =
  | { readonly is: 'anyone' }
  | { readonly is: 'cluster' }
  | { readonly is: 'namespace' }
  | { readonly is: 'pods-of'; readonly namespace: string }
  | { readonly is: 'pods'; readonly namespaceSelector?: LabelSelector; readonly podSelector?: LabelSelector }
  | { readonly is: 'addresses'; readonly blocks: NonEmpty<Block> }

/** Both sides' rules of one edge. A side that another opening of its member grants already is empty. */
export interface TierEdge {
  readonly client: Member
  readonly server: Member
  readonly serverSide: readonly Port[]
  readonly clientSide: readonly Port[]
  readonly because: NonEmpty<Source>
}

export interface OpenEdge {
  readonly member: Member
  readonly direction: 'ingress' | 'egress'
  readonly peer: Outside
  /** As the user spelt it. */
  readonly label: string
  readonly ports: NonEmpty<Port> | 'all'
  readonly because: NonEmpty<Source>
}

/** An edge that is declared on one side and waits for the other, or for a tier to appear. */
export interface MissingEdge {
  readonly member: Member
  readonly label: string
  readonly reason: 'no-such-tier' | 'one-sided' | 'refused' | 'no-common-port' | 'undefined'
  readonly because: Source
}
