/** Rules and names → a NetworkPolicy as it is written. */
import { written } from '../api/annotations.ts'
import type { Rule } from './rules.ts'
import type { WireEgress, WireIngress, WirePolicy } from './wire.ts'

export function writePolicy(
  name: string,
  namespace: string,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
  spec: WirePolicy['spec'],
): WirePolicy {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name,
      namespace,
      labels: { [written.managedByLabel]: written.manager, ...labels },
      annotations,
    },
    spec,
  }
}

export function ingressOnWire(rules: readonly Rule[]): Pick<WirePolicy['spec'], 'ingress'> {
  const [first, ...more] = rules.flatMap(({ peers, ports }): WireIngress[] => {
    if (ports === 'all') throw new Error('a way in always has ports')
    return [peers === 'anyone' ? { ports } : { from: peers, ports }]
  })
  return first ? { ingress: [first, ...more] } : {}
}

export function egressOnWire(rules: readonly Rule[]): Pick<WirePolicy['spec'], 'egress'> {
  const [first, ...more] = rules.map(
    ({ peers, ports }): WireEgress => ({
      ...(peers === 'anyone' ? {} : { to: peers }),
      ...(ports === 'all' ? {} : { ports }),
    }),
  )
  return first ? { egress: [first, ...more] } : {}
}
