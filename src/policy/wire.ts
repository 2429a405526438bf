/** NetworkPolicy as it goes over the wire. Lists that Kubernetes would read as everything cannot be spelt with these types. */
import type { NonEmpty, WirePort } from '../api/ports.ts'

export type { WirePort }

export interface WireSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

export type WirePeer =
  | { readonly podSelector: WireSelector; readonly namespaceSelector?: WireSelector }
  | { readonly namespaceSelector: WireSelector }
  | { readonly ipBlock: { readonly cidr: string; readonly except?: NonEmpty<string> } }

/** Without `from`: everyone. Never an empty list. */
export interface WireIngress {
  readonly from?: NonEmpty<WirePeer>
  readonly ports: NonEmpty<WirePort>
}

/** Without `to`: everyone; without `ports`: every port, which only `allow-to` can ask for. */
export interface WireEgress {
  readonly to?: NonEmpty<WirePeer>
  readonly ports?: NonEmpty<WirePort>
}

export interface WirePolicy {
  readonly apiVersion: 'networking.k8s.io/v1'
  readonly kind: 'NetworkPolicy'
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  readonly spec: {
    readonly podSelector: WireSelector
    readonly ingress?: NonEmpty<WireIngress>
    readonly egress?: NonEmpty<WireEgress>
    readonly policyTypes: readonly ('Ingress' | 'Egress')[]
  }
}
