import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { factsOf, factsOfCluster, linesOf, refused } from './facts.ts'

/** Every folder of clusters/, and how the line about it begins. */
const clusters: Readonly<Record<string, string>> = {
  antrea: 'ok Antrea v2.3.0 (DaemonSet kube-system/antrea-agent) enforces policies',
  aws: 'ok AWS VPC CNI v1.19.2-eksbuild.1 (DaemonSet kube-system/aws-node) enforces policies',
  'aws-auto': 'ok EKS Auto Mode v1.32.3-eks-7636447 (on its nodes) enforces policies',
  'aws-auto-off': 'fail EKS Auto Mode v1.32.3-eks-7636447 (on its nodes) is without enable-network-policy-controller',
  'aws-half': 'fail AWS VPC CNI v1.19.2 (DaemonSet kube-system/aws-node) is without enable-network-policy-controller',
  'aws-off':
    'fail AWS VPC CNI v1.19.2-eksbuild.1 (DaemonSet kube-system/aws-node) runs its policy agent without --enable',
  'aws-old': 'fail AWS VPC CNI v1.12.6 (DaemonSet kube-system/aws-node) has no policy agent',
  'azure-alone':
    'fail Azure CNI (DaemonSet kube-system/azure-cns) gives addresses to pods and enforces nothing by itself',
  'azure-cilium': 'ok Cilium v1.16.6-250129 (DaemonSet kube-system/cilium) enforces policies',
  'azure-npm': 'ok Azure Network Policy Manager v1.5.48 (DaemonSet kube-system/azure-npm) enforces policies',
  calico: 'ok Calico v3.29.1 (DaemonSet calico-system/calico-node) enforces policies',
  canal:
    'ok Canal (Flannel, with the policies of Calico) v3.29.2-build20250306 (DaemonSet kube-system/rke2-canal) enforces',
  cilium: 'ok Cilium v1.17.2 (DaemonSet kube-system/cilium) enforces policies',
  'cilium-after-aws': 'ok Cilium v1.17.2 (DaemonSet kube-system/cilium) enforces policies',
  'cilium-audit': 'fail Cilium v1.18.0 (DaemonSet kube-system/cilium) logs and lets everything pass',
  'cilium-never':
    'fail Cilium v1.18.0 (DaemonSet cilium/cilium) enforces nothing, since ConfigMap cilium/cilium-config',
  'cilium-old': 'ok Cilium v1.15.19 (DaemonSet kube-system/cilium) enforces policies',
  flannel: 'fail Flannel v0.26.7 (DaemonSet kube-flannel/kube-flannel-ds) connects pods and enforces nothing',
  'flannel-with-calico': 'ok Calico v3.28.0 (DaemonSet kube-system/calico-node) enforces policies',
  'flannel-with-policies': 'ok kube-network-policies v0.8.0 (DaemonSet kube-flannel/kube-flannel-ds) enforces policies',
  'gke-dataplane-v2': 'ok GKE Dataplane V2 (Cilium) (DaemonSet kube-system/anetd) enforces policies',
  'gke-plain':
    'fail nothing that enforces was found — policies are accepted, and have no effect; turn on network policies',
  k3s: 'ok k3s v1.32.3+k3s1 (its built-in policy controller, kube-router) enforces policies',
  'k3s-without':
    'fail k3s v1.32.3+k3s1 (its built-in policy controller, kube-router) was started with --disable-network',
  kindnet: 'ok kindnet v20240813-c6f155d6 (DaemonSet kube-system/kindnet) enforces policies',
  'kindnet-old': 'fail kindnet v20240513-cd2ac642 (DaemonSet kube-system/kindnet) enforces nothing before v20240719',
  'kindnet-unknown':
    'warn kindnet (DaemonSet kube-system/kindnet) enforces since kind 0.24, but its image does not tell',
  'kube-ovn': 'warn Kube-OVN v1.13.2 (DaemonSet kube-system/kube-ovn-cni) enforces unless its controller',
  'kube-router': 'ok kube-router v2.4.1-iptables1.8.9-0 (DaemonSet kube-system/kube-router) enforces policies',
  'kube-router-without': 'fail kube-router v2.5.0 (DaemonSet kube-system/kube-router) runs with --run-firewall=false',
  minikube:
    'fail nothing that enforces was found — policies are accepted, and have no effect; start minikube with --cni',
  'openshift-sdn': 'warn OpenShift SDN (DaemonSet openshift-sdn/sdn) enforces in its NetworkPolicy mode alone',
  'ovn-kubernetes': 'ok OVN-Kubernetes (DaemonSet openshift-ovn-kubernetes/ovnkube-node) enforces policies',
  romana: 'warn Romana v2.0.2 (DaemonSet kube-system/romana-agent) is no longer maintained',
  weave: 'ok Weave Net 2.8.1 (DaemonSet kube-system/weave-net) enforces policies',
  'weave-without':
    'fail Weave Net 2.8.1 (DaemonSet kube-system/weave-net) runs without weave-npc, its policy controller',
}

const lines = (name: string) => linesOf('network plugin', factsOfCluster(name))

describe('doctor on the network plugin', () => {
  test.each(Object.entries(clusters))('tells whether %s enforces policies', (name, start) => {
    const [line] = lines(name)
    expect(line?.slice(0, start.length)).toBe(start)
  })

  test('has a verdict on every cluster of the folder', () => {
    const files = readdirSync(join(import.meta.dirname, 'clusters')).map(file => file.replace(/\.yaml$/, ''))
    expect(files.sort()).toEqual(Object.keys(clusters).sort())
  })

  test('says one thing where one plugin enforces, whatever else there is', () => {
    for (const name of ['flannel-with-calico', 'flannel-with-policies', 'azure-cilium', 'azure-npm', 'canal'])
      expect(lines(name)).toHaveLength(1)
  })

  test('says what a plugin that does not enforce means, and what to do', () => {
    expect(lines('flannel')).toEqual([
      expect.stringMatching(/— policies are accepted, and have no effect; put a policy engine beside it \(Flannel's/),
    ])
    expect(lines('aws-off')).toEqual([expect.stringMatching(/; set enableNetworkPolicy: "true" in the configuration/)])
  })

  test('tells on how many nodes the plugin is not ready', () => {
    expect(lines('cilium-after-aws')[1]).toBe(
      'warn Cilium is not ready on 1 of 3 nodes — pods there may be cut off, or not protected; kubectl -n kube-system rollout status daemonset/cilium',
    )
  })

  test('tells of a plugin that nobody maintains', () => {
    expect(lines('weave')[1]).toMatch(/^warn Weave Net is no longer maintained — a policy with the name of a port can/)
  })

  test('does not count a DaemonSet that runs on no node', () => {
    const idle = factsOfCluster('calico')
    const agents = 'seen' in idle.agents ? idle.agents.seen.map(agent => ({ ...agent, wanted: 0, ready: 0 })) : []
    expect(linesOf('network plugin', { ...idle, agents: { seen: agents } })).toEqual([
      'fail Calico v3.29.1 (DaemonSet calico-system/calico-node) runs on no node — policies are accepted, and have no effect; look at its nodeSelector',
    ])
  })

  test('counts a DaemonSet of a cluster that has no nodes yet', () => {
    const young = { ...factsOfCluster('calico'), nodes: { seen: [] } }
    expect(linesOf('network plugin', young)[0]).toMatch(/^ok Calico/)
  })

  test('guesses from the APIs where it may not see DaemonSets', () => {
    const agents = refused('list daemonsets.apps')
    const groups = { seen: ['apps', 'cilium.io'] }
    expect(linesOf('network plugin', factsOf('', { agents, groups }))).toEqual([
      'warn could not look: needs the right to list daemonsets.apps; since cilium.io is served it may be Cilium, which enforces',
    ])
    expect(linesOf('network plugin', factsOf('', { agents }))).toEqual([
      'warn could not look: needs the right to list daemonsets.apps',
    ])
  })

  test('knows k3s by its nodes, without the right to see DaemonSets', () => {
    const agents = refused('list daemonsets.apps')
    expect(linesOf('network plugin', { ...factsOfCluster('k3s'), agents })[0]).toMatch(/^ok k3s/)
  })

  test('does not guess what stands in a ConfigMap that it may not see', () => {
    const settings = new Map([['kube-system/amazon-vpc-cni', refused('get configmaps amazon-vpc-cni in kube-system')]])
    expect(linesOf('network plugin', { ...factsOfCluster('aws'), settings })[0]).toMatch(
      /^warn AWS VPC CNI .* enforces where ConfigMap kube-system\/amazon-vpc-cni says so, which needs the right to get/,
    )
  })
})

describe('doctor on what is known of a version of the network plugin', () => {
  test('warns of a Cilium that goes on enforcing what was deleted, and of no later one', () => {
    expect(lines('cilium-old')[1]).toMatch(/^warn Cilium before 1.16 may take a policy that is deleted and made again/)
    for (const name of ['cilium', 'azure-cilium', 'gke-dataplane-v2']) expect(lines(name)[1] ?? '').not.toMatch(/1.16/)
  })
})

describe('doctor on what the network plugin passes over', () => {
  test('fails where policies of ours have port ranges that it ignores', () => {
    expect(linesOf('port ranges', factsOfCluster('cilium-old'))).toEqual([
      'fail Cilium v1.15.19 opens the first port of a range alone — what shop/tierwall-web should let pass is cut off; update it, or write the ports one by one',
    ])
  })

  test('fails where policies of ours have addresses of nodes that it ignores', () => {
    expect(linesOf('addresses of nodes', factsOfCluster('cilium-old'))).toEqual([
      expect.stringMatching(
        /^fail Cilium v1.15.19 does not take .* — what shop\/tierwall-web should let pass is cut off; set policyCIDRMatchMode/,
      ),
    ])
  })

  test('says nothing where it ignores nothing', () => {
    for (const name of ['cilium', 'calico', 'flannel', 'gke-plain'])
      for (const check of ['port ranges', 'addresses of nodes'])
        expect(linesOf(check, factsOfCluster(name))).toEqual([])
  })

  test('is content where it ignores what nobody uses', () => {
    const facts = { ...factsOfCluster('cilium-old'), policies: { seen: [] } }
    expect(linesOf('port ranges', facts)).toEqual([
      'ok Cilium v1.15.19 opens the first port of a range alone, but no policy of ours has one',
    ])
    expect(linesOf('port ranges', factsOfCluster('weave'))).toEqual([
      expect.stringMatching(/^ok Weave Net 2.8.1 opens/),
    ])
  })

  test('does not look at the policies of others', () => {
    const { policies, ...facts } = factsOfCluster('cilium-old')
    const foreign = 'seen' in policies ? policies.seen.map(policy => ({ ...policy, ours: false })) : []
    expect(linesOf('port ranges', { ...facts, policies: { seen: foreign } })[0]).toMatch(/^ok/)
  })
})
