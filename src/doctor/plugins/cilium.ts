/** Cilium, and the clouds' own builds of it: its ConfigMap can switch enforcement off. */
import { type AgentKind, containerOf, type Enforcement, on, type Sighting } from './plugin.ts'

const configMap = 'cilium-config'

const switches = [
  { key: 'enable-policy', value: 'never', because: 'enforces nothing', fix: 'set policyEnforcementMode: default' },
  {
    key: 'policy-audit-mode',
    value: 'true',
    because: 'logs and lets everything pass',
    fix: 'set policyAuditMode: false',
  },
  {
    key: 'enable-k8s-networkpolicy',
    value: 'false',
    because: 'passes over NetworkPolicies',
    fix: 'set k8sNetworkPolicy.enabled: true',
  },
] as const

function judge({ agent, setting }: Sighting): Enforcement {
  for (const { key, value, because, fix } of switches) {
    const look = setting(agent.namespace, configMap, key)
    if ('seen' in look && look.seen === value)
      return {
        is: 'off',
        because: `${because}, since ConfigMap ${agent.namespace}/${configMap} says ${key}: ${value}`,
        fix: `${fix} in its Helm values, and restart its agents`,
      }
  }
  return on
}

/** A node is an identity to Cilium, and an ipBlock means no identity that it knows, unless it is told otherwise. */
function ignoresNodeAddresses({ agent, setting }: Sighting): boolean {
  const look = setting(agent.namespace, configMap, 'policy-cidr-match-mode')
  return 'seen' in look && !(look.seen ?? '').includes('nodes')
}

/**
 * A pod is known to it by its labels alone. Before 1.16 it took a port range for its first port, without a word
 * (cilium/cilium#28684, #32389).
 */
const common = {
  judge,
  portRangesSince: [1, 16, 0],
  ignoresPodAddresses: true,
  caution: {
    before: [1, 16, 0],
    what: 'before 1.16 may take a policy that is deleted and made again at once for one that changed',
    why: 'its agent then goes on letting through what the former did, until it restarts',
    fix: 'update it to 1.16, and until then change policies of your own instead of making them anew',
  },
} as const

export const ciliums: readonly AgentKind[] = [
  {
    ...common,
    name: 'GKE Dataplane V2 (Cilium)',
    find: agent => (agent.name === 'anetd' ? (containerOf(agent, 'cilium-agent') ?? true) : undefined),
  },
  {
    ...common,
    name: 'Cilium',
    ignoresNodeAddresses,
    find: agent => (agent.name === 'anetd' ? undefined : containerOf(agent, 'cilium-agent')),
  },
]
