/** A cluster as it would have been read, from objects as people and the API server write them. */
import { type Configuration, defaultConfiguration } from '../../src/api/configuration.ts'
import { lookAtReading } from '../../src/cli/live/look.ts'
import { planChanges } from '../../src/cli/live/planned.ts'
import type { Reading } from '../../src/cli/live/read.ts'
import { readSeen } from '../../src/live/seen.ts'
import { type ReadPolicy, readSeenPolicy } from '../../src/live/seen-policy.ts'
import type { WirePolicy } from '../../src/policy/wire.ts'
import type { PlanReport } from '../../src/report/plan/index.ts'

export function reading(objects: readonly object[], more: Partial<Reading> = {}): Reading {
  return {
    objects: objects.flatMap(json => readSeen(json) ?? []),
    shared: [],
    sharedIn: ['kube-system'],
    policies: [],
    servesAppTiers: true,
    pods: [],
    refused: [],
    ...more,
  }
}

export function plan(
  before: Reading,
  after: Reading = before,
  configuration: Configuration = defaultConfiguration,
): PlanReport {
  const now = lookAtReading(before, configuration)
  const then = after === before ? now : lookAtReading(after, configuration)
  return planChanges({ before: now, after: then, namespace: undefined, locate: () => undefined })
}

/** A policy as the API server tells of one that Tierwall wrote, or of somebody else's. */
export function written(
  { kind, apiVersion, metadata, spec }: Omit<WirePolicy, 'spec'> & { readonly spec: object },
  manager: string,
  more: object = {},
): ReadPolicy {
  const managedFields = [{ manager, operation: 'Update', fieldsV1: { 'f:spec': {} } }]
  const seen = readSeenPolicy({
    apiVersion,
    kind,
    metadata: { ...metadata, uid: `uid of ${metadata.name}`, resourceVersion: '1', managedFields, ...more },
    spec,
  })
  if (!seen) throw new Error(`the policy ${metadata.name} of the test cannot be read`)
  return seen
}

/** What Tierwall writes for these objects. */
export function desiredFor(...objects: readonly object[]): readonly WirePolicy[] {
  const { outlook } = lookAtReading(reading(objects), defaultConfiguration)
  return outlook.targets.flatMap(({ desired }) => desired)
}
