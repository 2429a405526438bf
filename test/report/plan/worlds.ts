/** Worlds to compare: as manifests alone make them, and as they are once Tierwall has written its policies. */
import { defaultConfiguration } from '../../../src/api/configuration.ts'
import { decide } from '../../../src/engine.ts'
import { readManifestText } from '../../../src/manifests/manifests.ts'
import { compareFlows, type FlowGroup } from '../../../src/report/plan/flows.ts'
import { writeFlow } from '../../../src/report/plan/text.ts'
import { buildWorld, type World } from '../../../src/report/world/index.ts'

/** With the policies of the manifests only. */
export function untouched(yaml: string): World {
  const decision = decide(readManifestText('shop.yaml', yaml).objects, defaultConfiguration)
  return buildWorld(decision, { policies: decision.snapshot.networkPolicies, desired: new Map() })
}

/** With what Tierwall would write as well. */
export function isolated(yaml: string): World {
  return buildWorld(decide(readManifestText('shop.yaml', yaml).objects, defaultConfiguration))
}

export function compare(before: World, after: World, namespaces?: readonly string[]) {
  const changes = compareFlows(before, after, namespaces && new Set(namespaces))
  if (changes.is === 'too-many') throw new Error(`${changes.pairs} pairs are too many for a test`)
  const lines = (flows: readonly FlowGroup[]) => flows.map(writeFlow)
  return { opened: lines(changes.opened), cut: lines(changes.cut) }
}
