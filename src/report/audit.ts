/** What would be written in namespaces that are in audit, a line for each. */
import type { Decision } from '../engine.ts'

export function auditNotes({ namespaces }: Pick<Decision, 'namespaces'>): readonly string[] {
  return namespaces
    .filter(({ intent }) => intent.isolation === 'audit')
    .map(({ namespace, policies }) => {
      const names = policies.map(({ policy }) => policy.metadata.name).join(', ')
      return `namespace ${namespace} is in audit: nothing is written; ${policies.length} NetworkPolicies would be: ${names}`
    })
}
