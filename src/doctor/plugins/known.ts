/** Every network plugin that doctor knows, by what it runs as. Containers' names: images are mirrored under other ones. */
import type { Agent } from '../facts.ts'
import { ciliums } from './cilium.ts'
import { cloudAgents, cloudNodes } from './clouds.ts'
import { k3s } from './k3s.ts'
import { kindnet } from './kindnet.ts'
import { type AgentKind, containerOf, type Enforcement, type NodeKind, on, type Sighting } from './plugin.ts'
import { flagOf } from './words.ts'

const hasFlannel = (agent: Agent) => containerOf(agent, 'kube-flannel') !== undefined
const hasCalico = (agent: Agent) => containerOf(agent, 'calico-node') !== undefined

export const agentKinds: readonly AgentKind[] = [
  ...ciliums,
  { name: 'Calico', find: agent => (hasFlannel(agent) ? undefined : containerOf(agent, 'calico-node')) },
  {
    name: 'Canal (Flannel, with the policies of Calico)',
    find: agent => (hasFlannel(agent) ? containerOf(agent, 'calico-node') : undefined),
  },
  { name: 'Antrea', find: agent => containerOf(agent, 'antrea-agent'), portRangesSince: [1, 1, 0] },
  {
    name: 'kube-router',
    find: agent => containerOf(agent, 'kube-router'),
    judge: judgeKubeRouter,
    portRangesSince: [1, 3, 0],
  },
  { name: 'kube-network-policies', find: agent => containerOf(agent, 'kube-network-policies') },
  kindnet,
  { name: 'OVN-Kubernetes', find: agent => named(agent, /^ovnkube-node/) },
  ...cloudAgents,
  {
    name: 'Weave Net',
    find: agent => containerOf(agent, 'weave'),
    judge: judgeWeave,
    portRangesSince: 'never',
    caution: {
      what: 'is no longer maintained',
      why: 'a policy with the name of a port can stop it',
      fix: 'move to a plugin that is maintained, and until then give ports as numbers',
    },
  },
  {
    name: 'OpenShift SDN',
    find: agent => (agent.namespace === 'openshift-sdn' ? named(agent, /^sdn$/) : undefined),
    judge: () => unsure('enforces in its NetworkPolicy mode alone', 'move to OVN-Kubernetes'),
  },
  {
    name: 'Kube-OVN',
    find: agent => named(agent, /^kube-ovn-cni$/),
    judge: () =>
      unsure('enforces unless its controller has --enable-np=false', 'look at Deployment kube-ovn-controller'),
  },
  {
    name: 'Romana',
    find: agent => named(agent, /^romana-agent$/),
    judge: () => unsure('is no longer maintained, and may not enforce all that policies say', 'move to another plugin'),
  },
  {
    name: 'Flannel',
    find: agent => (hasCalico(agent) ? undefined : containerOf(agent, 'kube-flannel')),
    judge: () => ({
      is: 'off',
      because: 'connects pods and enforces nothing, without an error anywhere',
      fix: "put a policy engine beside it (Flannel's Helm chart: netpol.enabled=true; or Calico as in Canal), or use another plugin",
    }),
  },
]

export const nodeKinds: readonly NodeKind[] = [k3s, ...cloudNodes]

function named({ name, containers: [first] }: Agent, pattern: RegExp) {
  return pattern.test(name) ? (first ?? true) : undefined
}

function unsure(because: string, fix: string): Enforcement {
  return { is: 'unknown', because, fix }
}

function judgeKubeRouter({ container }: Sighting): Enforcement {
  return flagOf(container?.words ?? [], 'run-firewall') === 'false'
    ? { is: 'off', because: 'runs with --run-firewall=false', fix: 'run it with --run-firewall=true' }
    : on
}

function judgeWeave({ agent, container }: Sighting): Enforcement {
  if (container?.env.EXPECT_NPC !== '0' && containerOf(agent, 'weave-npc')) return on
  return { is: 'off', because: 'runs without weave-npc, its policy controller', fix: 'run it with weave-npc' }
}
