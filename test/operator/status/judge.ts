/** YAML → the status of one AppTier in it, and what a program that follows kstatus makes of it. */
import { type AppTierStatus, type Condition, type StatusInput, statusOf } from '../../../src/operator/status/index.ts'
import { decideYaml } from '../../decide.ts'

export interface Scene extends Partial<Omit<StatusInput, 'appTier' | 'decision'>> {
  readonly name?: string
  readonly generation?: number
  readonly configuration?: unknown
  /** What stands there now, where something older is in force. */
  readonly instead?: string
}

export const noon = Date.parse('2026-03-01T12:00:00.400Z')

/** Of AppTier `db` in namespace `shop`, where nothing else is said. */
export function statusIn(yaml: string, scene: Scene = {}): AppTierStatus {
  const { name = 'db', generation = 1, configuration, instead, ...rest } = scene
  const decision = decideYaml(yaml, configuration)
  return statusOf({
    appTier: { metadata: { namespace: 'shop', name, generation } },
    decision,
    problems: instead === undefined ? decision.problems : decideYaml(instead, configuration).problems,
    conflicts: [],
    kept: instead !== undefined,
    failures: [],
    settled: true,
    previous: undefined,
    now: noon,
    ...rest,
  })
}

export function conditionOf({ conditions }: AppTierStatus, type: string): Condition | undefined {
  return conditions.find(one => one.type === type)
}

/** `Ready=True Enforced` of each condition, in order. */
export function outline({ conditions }: AppTierStatus): string[] {
  return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`)
}

/** The generic rules, first match first: https://github.com/kubernetes-sigs/cli-utils, pkg/kstatus. */
export function readByKstatus({ conditions, observedGeneration }: AppTierStatus, generation = 1): string {
  if (observedGeneration !== generation) return 'InProgress'
  for (const { type, status } of conditions) {
    if (type === 'Reconciling' && status === 'True') return 'InProgress'
    if (type === 'Stalled' && status === 'True') return 'Failed'
  }
  const ready = conditions.find(({ type }) => type === 'Ready')
  return ready === undefined || ready.status === 'True' ? 'Current' : 'InProgress'
}
