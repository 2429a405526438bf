/** The network plugins of clouds, which enforce only where somebody asked for it. */
import {
  type AgentKind,
  containerOf,
  type Enforcement,
  type NodeKind,
  on,
  type SettingReader,
  type Sighting,
} from './plugin.ts'
import { flagOf } from './words.ts'

const fixAws = 'set enableNetworkPolicy: "true" in the configuration of the vpc-cni add-on'

/** The agent filters what the controller in AWS's control plane works out: both have to be told. */
function judgeAws({ agent, setting }: Sighting): Enforcement {
  const nodeAgent = containerOf(agent, 'aws-eks-nodeagent')
  if (!nodeAgent) return { is: 'off', because: 'has no policy agent', fix: `update it to 1.14 or later, and ${fixAws}` }
  if (flagOf(nodeAgent.words, 'enable-network-policy') !== 'true')
    return { is: 'off', because: 'runs its policy agent without --enable-network-policy=true', fix: fixAws }
  return judgeController(setting, fixAws)
}

const controller = { map: 'kube-system/amazon-vpc-cni', key: 'enable-network-policy-controller' }

function judgeController(setting: SettingReader, fix: string): Enforcement {
  const look = setting('kube-system', 'amazon-vpc-cni', controller.key)
  if ('unseen' in look)
    return { is: 'unknown', because: `enforces where ConfigMap ${controller.map} says so, which ${look.unseen}`, fix }
  if (look.seen === 'true') return on
  return { is: 'off', because: `is without ${controller.key}: "true" in ConfigMap ${controller.map}`, fix }
}

const fixAzure =
  'give the cluster a network policy engine (az aks update --network-policy calico, or Azure CNI powered by Cilium)'

export const cloudAgents: readonly AgentKind[] = [
  { name: 'AWS VPC CNI', find: agent => containerOf(agent, 'aws-node'), judge: judgeAws },
  { name: 'Azure Network Policy Manager', find: agent => containerOf(agent, 'azure-npm') },
  {
    name: 'Azure CNI',
    find: agent => (agent.name === 'azure-cns' ? true : undefined),
    judge: () => ({ is: 'off', because: 'gives addresses to pods and enforces nothing by itself', fix: fixAzure }),
  },
]

export const cloudNodes: readonly NodeKind[] = [
  {
    name: 'EKS Auto Mode',
    where: 'on its nodes',
    isOn: ({ labels }) => labels['eks.amazonaws.com/compute-type'] === 'auto',
    judge: (_, setting) =>
      judgeController(setting, `create ConfigMap ${controller.map} with ${controller.key}: "true"`),
  },
]
