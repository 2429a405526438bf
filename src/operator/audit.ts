/** Namespaces in audit: what would be written there and whom that would cut off, told where it changes. */
import { writeRef } from '../api/source.ts'
import type { EventNews, Log, Recorder } from '../cluster/index.ts'
import type { Decision } from '../engine.ts'
import type { Seen } from '../live/seen.ts'
import type { Told } from './news/index.ts'
import { writeKey } from './news/told.ts'

export interface AuditOptions {
  readonly recorder: Pick<Recorder, 'record'>
  readonly log: Log
  /** Before this process. */
  readonly told: Told
}

export interface Audit {
  /** `self` is the Namespace, where it was seen. */
  readonly report: (namespace: string, self: Seen | undefined, decision: Decision) => void
}

/** An Event's note has room for some names; the log has them all. */
const mostNames = 10

export function createAudit({ recorder, log, told }: AuditOptions): Audit {
  const last = new Map<string, string>()
  return {
    report(name, self, decision) {
      const found = decision.namespaces.find(({ namespace }) => namespace === name)
      if (self === undefined || found?.intent.isolation !== 'audit') {
        last.delete(name)
        return
      }
      const policies = found.policies.map(({ policy }) => policy.metadata.name)
      const cut = uncoveredIn(name, decision)
      const news = newsOf(name, self.uid, policies, cut)
      if (last.get(name) === news.note) return
      last.set(name, news.note)
      log.info({ namespace: name, policies, cut }, 'audit: nothing is written; these policies would be')
      if (!told.get(name)?.has(writeKey(news))) recorder.record(news)
    },
  }
}

/** Without a tier, they are shut in and out as soon as the namespace is enforced. */
function uncoveredIn(namespace: string, { graph, snapshot }: Decision): readonly string[] {
  const covered = new Set(graph.members.flatMap(({ templates }) => templates.map(({ workload }) => writeRef(workload))))
  return snapshot.workloads
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map(({ kind, metadata }) => ({ kind, namespace, name: metadata.name }))
    .filter(ref => !covered.has(writeRef(ref)))
    .map(({ kind, name }) => `${kind}/${name}`)
}

function newsOf(name: string, uid: string, policies: readonly string[], cut: readonly string[]): EventNews {
  const would = `${policies.length} NetworkPolicies would be written: ${listSome(policies)}`
  const note = cut.length === 0 ? would : `${would}; in no tier, and so cut off: ${listSome(cut)}`
  return {
    regarding: { apiVersion: 'v1', kind: 'Namespace', name, uid },
    type: 'Normal',
    reason: 'Audit',
    action: 'Reconcile',
    note,
  }
}

function listSome(names: readonly string[]): string {
  const more = names.length - mostNames
  return names.slice(0, mostNames).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
