/** Which namespace keeps the operator's Lease: outside a cluster Tierwall may not be installed, so that its own is not there. */

export interface LeasePlaces {
  readonly operatorNamespace: string
  /** The operator's own namespace is known not to be there. */
  readonly isMissing: boolean
  /** Of the kubeconfig's context. */
  readonly contextNamespace: string | undefined
}

export function placeLease({ operatorNamespace, isMissing, contextNamespace = 'default' }: LeasePlaces): string {
  return isMissing ? contextNamespace : operatorNamespace
}
