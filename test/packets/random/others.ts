/** Policies that somebody else wrote, beside Tierwall's. */
import type { NetworkPolicy, PolicyPeer } from '../../../src/api/kubernetes.ts'
import { readPolicies } from '../../properties/engine.ts'
import type { AppPick, OthersPick } from './picks.ts'
import { namespacesOf } from './slots.ts'

export function writeOthers({ others }: AppPick, lane: number) {
  return others.map(pick => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'by-others', namespace: namespacesOf(lane)[pick.namespace] ?? '', labels: {}, annotations: {} },
    spec: specOf(pick),
  }))
}

export function readOthers(pick: AppPick, lane: number): readonly NetworkPolicy[] {
  return readPolicies(writeOthers(pick, lane))
}

const peers: Readonly<Record<OthersPick['peer'], PolicyPeer | undefined>> = {
  none: undefined,
  cluster: { namespaceSelector: {} },
  outside: { ipBlock: { cidr: '203.0.113.20/32' } },
}

/** `none`: it isolates and lets nobody through. */
function specOf({ selector, direction, peer, port }: OthersPick): Readonly<Record<string, unknown>> {
  const isIngress = direction === 'ingress'
  const one = peers[peer]
  const rules = one && [{ [isIngress ? 'from' : 'to']: [one], ports: [{ protocol: 'TCP', port }] }]
  return {
    podSelector: selector,
    policyTypes: [isIngress ? 'Ingress' : 'Egress'],
    ...(rules ? { [direction]: rules } : {}),
  }
}
