/** What a plan comes to, before it is written down in any format: policies by namespace, flows, and what else is to be said. */
import type { Problem } from '../../api/problem.ts'
import type { Plan } from '../../plan/index.ts'
import type { PolicyChange } from './changes.ts'
import type { FlowChanges } from './flows.ts'

export interface PlanReport {
  readonly namespaces: readonly NamespaceChanges[]
  /** As they are written, in three rounds and with all that stands only on the way. */
  readonly rounds: Plan
  readonly flows: FlowChanges
  readonly problems: readonly Problem[]
}

export interface NamespaceChanges {
  readonly namespace: string
  readonly changes: readonly ReasonedChange[]
  /** What stays as it is although somebody might expect otherwise, a sentence each. */
  readonly notes: readonly string[]
}

export interface ReasonedChange {
  readonly change: PolicyChange
  readonly because: readonly string[]
}

export function changesIn({ namespaces }: Pick<PlanReport, 'namespaces'>): readonly PolicyChange[] {
  return namespaces.flatMap(({ changes }) => changes.map(({ change }) => change))
}

/** Other people's policies and new pods move flows where no policy of Tierwall's changes. */
export function hasFlows({ flows }: Pick<PlanReport, 'flows'>): boolean {
  return flows.is === 'known' && flows.opened.length + flows.cut.length > 0
}
