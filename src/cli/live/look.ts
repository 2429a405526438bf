/** A reading of a cluster → what the operator would make of it, with its own eyes: the same view, the same outlook. */
import type { Configuration } from '../../api/configuration.ts'
import type { NetworkPolicy } from '../../api/kubernetes.ts'
import type { Decision } from '../../engine.ts'
import { type Outlook, takeOutlook } from '../../live/outlook.ts'
import type { ReadPolicy } from '../../live/seen-policy.ts'
import { World as OperatorWorld } from '../../operator/world.ts'
import type { Reading } from './read.ts'

export interface Look {
  readonly configuration: Configuration
  readonly outlook: Outlook
  /** Of all namespaces, with the Pods and the policies as they stand. */
  readonly decision: Decision
  readonly policies: readonly ReadPolicy[]
}

export function lookAtReading(reading: Reading, configuration: Configuration): Look {
  const world = new OperatorWorld({
    // Nothing is deleted while nobody watches.
    after: () => () => {},
    removalDelay: 0,
    configuration: () => configuration,
    adopt: configuration.operator.adopt,
    onNews: () => {},
    onVacated: () => {},
    onAppTierDeleted: () => {},
  })
  for (const seen of reading.shared) world.takeShared({ type: 'added', key: seen.ref.name, after: seen })
  for (const seen of reading.objects) {
    const change = { type: 'added', key: seen.ref.name, after: seen } as const
    if (seen.ref.kind === 'Namespace') world.takeNamespace(change)
    else world.takeObject(change)
  }
  for (const policy of reading.policies) world.takePolicy({ type: 'added', key: policy.name, after: policy })
  world.setServesAppTiers(reading.servesAppTiers)
  world.tellOfAll()
  const outlook = takeOutlook(world.view(), world.takeTargets([...world.slots.names()]))
  const { snapshot } = outlook.decision
  const networkPolicies = reading.policies.map(asNetworkPolicy)
  const decision = { ...outlook.decision, snapshot: { ...snapshot, pods: reading.pods ?? [], networkPolicies } }
  return { configuration, outlook, decision, policies: reading.policies }
}

export function asNetworkPolicy({ namespace, name, labels, annotations, spec }: ReadPolicy): NetworkPolicy {
  return {
    kind: 'NetworkPolicy',
    metadata: { namespace, name, labels, annotations, creationTimestamp: undefined, ownerReferences: [] },
    spec,
  }
}
