import { expect, test } from 'vitest'
import { factsOf, factsOfCluster, linesOf } from '../report/doctor/facts.ts'

const cilium = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { namespace: kube-system, name: cilium }
spec: { template: { spec: { containers: [{ name: cilium-agent, image: "quay.io/cilium/cilium:v1.18.1" }] } } }
---
apiVersion: v1
kind: Node
metadata: { name: node-1 }
spec: { podCIDR: 10.244.1.0/24, podCIDRs: [10.244.1.0/24] }
---`

const policyTo = (cidr: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  namespace: shop
  name: tierwall-web
  uid: 6d7a3f0c
  resourceVersion: "17"
  managedFields: [{ manager: tierwall, operation: Update, fieldsV1: { "f:spec": {} } }]
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: ${cidr} } }] }]
---`

const check = 'addresses of pods'
test('doctor fails where a policy of ours means pods by their addresses, and Cilium never takes them so', () => {
  expect(linesOf(check, factsOf(cilium + policyTo('10.244.1.7/32')))).toEqual([
    'fail Cilium v1.18.1 takes no pod for what an ipBlock means (and lets a node reach its own pods whatever policies say) — what shop/tierwall-web should let pass is cut off; write the tier of those pods, *.NAMESPACE or a selector',
  ])
})

test('doctor is content with addresses outside of the cluster, and with ranges that hold more than the cluster', () => {
  for (const cidr of ['192.168.5.10/32', '10.244.0.0/16', '0.0.0.0/0', '2000::/3'])
    expect(linesOf(check, factsOf(cilium + policyTo(cidr)))).toEqual([
      expect.stringMatching(/^ok Cilium v1.18.1 takes no pod .*, but no policy of ours means pods by one$/),
    ])
})

test('doctor says so of every build of Cilium, and of no other plugin', () => {
  for (const name of ['cilium-old', 'azure-cilium', 'gke-dataplane-v2'])
    expect(linesOf(check, factsOfCluster(name))).toHaveLength(1)
  for (const name of ['calico', 'canal', 'k3s', 'flannel', 'kindnet', 'antrea', 'kube-router', 'aws'])
    expect(linesOf(check, factsOfCluster(name))).toEqual([])
})
