/** Does anything in this cluster do what NetworkPolicies say? */
import type { Facts } from '../facts.ts'
import { type Check, couldNotLook, doubt, failure, fine, type Remark } from '../finding.ts'
import { findPlugins, type Plugin } from '../plugins/index.ts'
import { isProved, isRefuted } from '../probe/probed.ts'

const noEffect = 'policies are accepted, and have no effect'

export const networkPlugin: Check = {
  name: 'network plugin',
  judge: facts => {
    const plugins = findPlugins(facts)
    const enforcing = plugins.filter(({ enforcement }) => enforcement.is === 'on')
    const { agents, nodes, probed } = facts
    // What pods saw outweighs what is known of a plugin.
    if (enforcing.length > 0) return enforcing.flatMap(isRefuted(probed) ? blame : praise)
    if (isProved(probed)) return [fine(`${nameProved(plugins)} enforces policies: the probe shows it`)]
    if ('unseen' in agents) return [couldNotLook(agents.unseen + hint(facts))]
    if (plugins.length > 0) return plugins.flatMap(complain)
    if ('unseen' in nodes) return [couldNotLook(nodes.unseen)]
    return [failure('nothing that enforces was found', noEffect, fixWithout(facts))]
  },
}

function praise(plugin: Plugin): Remark[] {
  const { caution } = plugin
  return [
    fine(`${describe(plugin)} enforces policies`),
    ...(caution ? [doubt(`${plugin.name} ${caution.what}`, caution.why, caution.fix)] : []),
    ...complainOfAgents(plugin),
  ]
}

function blame(plugin: Plugin): Remark[] {
  const fix = 'look at the logs of its agents, and whether they run on every node'
  return [
    doubt(`${describe(plugin)} should enforce policies`, 'the probe shows that it does not', fix),
    ...complainOfAgents(plugin),
  ]
}

function nameProved(plugins: readonly Plugin[]): string {
  const possible = plugins.find(({ enforcement }) => enforcement.is === 'unknown')
  return possible ? describe(possible) : 'something that doctor does not know'
}

function complain(plugin: Plugin): Remark[] {
  const { enforcement } = plugin
  if (enforcement.is === 'on') return []
  const what = `${describe(plugin)} ${enforcement.because}`
  return enforcement.is === 'off'
    ? [failure(what, noEffect, enforcement.fix)]
    : [doubt(what, 'whether policies have an effect is not known', enforcement.fix)]
}

function complainOfAgents({ name, agent }: Plugin): Remark[] {
  const { wanted = 0, ready = 0 } = agent ?? {}
  if (!agent || ready >= wanted) return []
  const what = `${name} is not ready on ${wanted - ready} of ${wanted} nodes`
  const fix = `kubectl -n ${agent.namespace} rollout status daemonset/${agent.name}`
  return [doubt(what, 'pods there may be cut off, or not protected', fix)]
}

function describe({ name, version, where }: Plugin): string {
  return `${name}${version === undefined ? '' : ` ${version}`} (${where})`
}

const owners: Readonly<Record<string, string>> = {
  'cilium.io': 'Cilium',
  'crd.antrea.io': 'Antrea',
  'crd.projectcalico.org': 'Calico',
  'k8s.ovn.org': 'OVN-Kubernetes',
  'kubeovn.io': 'Kube-OVN',
  'operator.tigera.io': 'Calico',
}

/** Everybody may see which APIs are served. */
function hint({ groups }: Facts): string {
  const group = 'seen' in groups ? groups.seen.find(name => Object.hasOwn(owners, name)) : undefined
  return group === undefined ? '' : `; since ${group} is served it may be ${owners[group]}, which enforces`
}

const clouds: Readonly<Record<string, string>> = {
  'kubernetes.azure.com/cluster': 'choose a network policy engine for the cluster (az aks update --network-policy)',
  'cloud.google.com/gke-nodepool': 'turn on network policies for the cluster, or make one with Dataplane V2',
  'minikube.k8s.io/version': 'start minikube with --cni=calico or --cni=cilium',
}

function fixWithout({ nodes }: Facts): string {
  const labels = 'seen' in nodes ? nodes.seen.flatMap(node => Object.keys(node.labels)) : []
  const label = labels.find(name => Object.hasOwn(clouds, name))
  const fix = label === undefined ? undefined : clouds[label]
  return fix ?? 'install a network plugin that enforces, such as Cilium or Calico; if yours does, tell us its name'
}
