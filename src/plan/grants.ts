/** What one policy grants: its rules taken apart into one peer with its ports each, so that policies can be compared. */
import { namespaceNameLabel } from '../api/annotations.ts'
import type { LabelSelector, Protocol } from '../api/kubernetes.ts'

export type Direction = 'ingress' | 'egress'

export type Peer =
  | { readonly is: 'anyone' }
  | { readonly is: 'pods'; readonly namespaces: LabelSelector; readonly pods: LabelSelector }
  | { readonly is: 'block'; readonly cidr: string; readonly except: readonly string[] }

export interface Ports {
  readonly protocol: Protocol
  /** Absent: all ports of the protocol. */
  readonly port?: number | string
  readonly endPort?: number
}

export interface Grant {
  readonly direction: Direction
  readonly peer: Peer
  readonly ports: readonly Ports[] | 'all'
}

/** A NetworkPolicy's spec as it stands on the wire or as it was read. */
export interface SpecLike {
  readonly podSelector: SelectorLike
  readonly policyTypes?: readonly string[] | undefined
  readonly ingress?:
    | readonly { readonly from?: readonly PeerLike[] | undefined; readonly ports?: readonly PortLike[] | undefined }[]
    | undefined
  readonly egress?:
    | readonly { readonly to?: readonly PeerLike[] | undefined; readonly ports?: readonly PortLike[] | undefined }[]
    | undefined
}

interface SelectorLike {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined
  readonly matchExpressions?:
    | readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] | undefined }[]
    | undefined
}

interface PeerLike {
  readonly podSelector?: SelectorLike | undefined
  readonly namespaceSelector?: SelectorLike | undefined
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] | undefined } | undefined
}

interface PortLike {
  readonly protocol?: string | undefined
  readonly port?: number | string | undefined
  readonly endPort?: number | undefined
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const
const protocols = ['TCP', 'UDP', 'SCTP'] as const

export function readSelector({ matchLabels, matchExpressions = [] }: SelectorLike): LabelSelector {
  return {
    ...(matchLabels ? { matchLabels } : {}),
    matchExpressions: matchExpressions.flatMap(({ key, operator, values = [] }) => {
      const known = operators.find(candidate => candidate === operator)
      return known ? [{ key, operator: known, values: [...values] }] : []
    }),
  }
}

export function readGrants({ ingress = [], egress = [] }: SpecLike, namespace: string): Grant[] {
  const rules = [
    ...ingress.map(({ from, ports }) => ({ direction: 'ingress' as const, peers: from, ports })),
    ...egress.map(({ to, ports }) => ({ direction: 'egress' as const, peers: to, ports })),
  ]
  return rules.flatMap(({ direction, peers = [], ports = [] }) => {
    const who: Peer[] = peers.length === 0 ? [{ is: 'anyone' }] : peers.flatMap(peer => readPeer(peer, namespace))
    const read = ports.length === 0 ? ('all' as const) : ports.map(readPorts)
    return who.map((peer): Grant => ({ direction, peer, ports: read }))
  })
}

/** A peer without namespaceSelector means the policy's own namespace, which its name's label selects. */
function readPeer({ podSelector, namespaceSelector, ipBlock }: PeerLike, namespace: string): Peer[] {
  if (ipBlock) return [{ is: 'block', cidr: ipBlock.cidr, except: ipBlock.except ?? [] }]
  if (!podSelector && !namespaceSelector) return []
  const namespaces = namespaceSelector
    ? readSelector(namespaceSelector)
    : { matchLabels: { [namespaceNameLabel]: namespace } }
  return [{ is: 'pods', namespaces, pods: podSelector ? readSelector(podSelector) : {} }]
}

function readPorts({ protocol = 'TCP', port, endPort }: PortLike): Ports {
  const known = protocols.find(candidate => candidate === protocol) ?? 'TCP'
  return { protocol: known, ...(port === undefined ? {} : { port }), ...(endPort === undefined ? {} : { endPort }) }
}
