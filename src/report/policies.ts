/** NetworkPolicies → the text that kubectl applies: YAML for people, or one JSON list. */
import { stringify } from 'yaml'
import type { WirePolicy } from '../policy/wire.ts'

export function policiesAsYaml(policies: readonly WirePolicy[]): string {
  return policies.map(policy => `---\n${policyAsYaml(policy)}`).join('')
}

/** kubectl reads YAML 1.1: text that is a number or a boolean there is quoted. */
export function policyAsYaml(policy: WirePolicy): string {
  return stringify(policy, { aliasDuplicateObjects: false, compat: 'yaml-1.1', lineWidth: 0 })
}

export function policiesAsJson(policies: readonly WirePolicy[]): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: policies }, null, 2)}\n`
}
